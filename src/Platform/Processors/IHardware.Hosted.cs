namespace Ember.Platform.Processors;

/// <summary>What a test implements to be the machine under hosted code; what it does not expect, it refuses.</summary>
public unsafe interface IHardware
{
    ulong TimeStampCounter { get; }

    uint ReadPort(ushort port, int size);

    void WritePort(ushort port, int size, uint value);

    CpuidResult Cpuid(uint leaf, uint subleaf);

    ulong ReadMsr(uint index);

    void WriteMsr(uint index, ulong value);

    ulong ReadControlRegister(int number);

    void WriteControlRegister(int number, ulong value);

    ulong ReadXcr0();

    void WriteXcr0(ulong value);

    void WaitForInterrupt();

    void TakeInterrupts();

    void DisableInterrupts();

    void LoadDescriptorTable(in DescriptorTablePointer table);

    void LoadTaskRegister(ushort selector);

    void SvmRun(void* guestRegisters, ulong guestVmcb, ulong hostVmcb, uint measures);

    void SvmSaveHost(ulong hostVmcb);

    DescriptorTablePointer GlobalDescriptors => throw Refused();

    DescriptorTablePointer InterruptDescriptors => throw Refused();

    ulong ReadDr6() => throw Refused();

    void WriteDr6(ulong value) => throw Refused();

    void ReadDebugRegisters(ulong* breakpoints) => throw Refused();

    void WriteDebugRegisters(ulong* breakpoints) => throw Refused();

    /// <summary>XSAVE, or FXSAVE if no states are named.</summary>
    void SaveExtended(byte* area, ulong states) => throw Refused();

    /// <summary>XRSTOR, or FXRSTOR if no states are named.</summary>
    void RestoreExtended(byte* area, ulong states) => throw Refused();

    void TakeNonMaskableInterrupt() => throw Refused();

    void VmxOn(ulong region) => throw Refused();

    void VmxClear(ulong region) => throw Refused();

    void VmxLoad(ulong region) => throw Refused();

    ulong VmxRead(ulong field) => throw Refused();

    void VmxWrite(ulong field, ulong value) => throw Refused();

    uint VmxEnter(void* guestRegisters, bool first, uint measures) => throw Refused();

    void VmxInvalidate(bool linear) => throw Refused();

    private static System.InvalidOperationException Refused() => new("the test did not expect this instruction");
}
