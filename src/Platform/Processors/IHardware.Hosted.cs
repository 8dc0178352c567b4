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

    void WriteXcr0(ulong value);

    void WaitForInterrupt();

    void TakeInterrupts();

    void DisableInterrupts();

    void LoadDescriptorTable(in DescriptorTablePointer table);

    void LoadTaskRegister(ushort selector);

    void SvmRun(void* guestRegisters, ulong guestVmcb);

    void SvmSaveHost(ulong hostVmcb);
}
