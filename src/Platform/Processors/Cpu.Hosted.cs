namespace Ember.Platform.Processors;

/// <summary>The hosted stand-in for the bare machine's instructions: a test gives it the machine they act on.</summary>
public static unsafe class Cpu
{
    [System.ThreadStatic]
    private static IHardware? _hardware;

    /// <summary>The machine of the current thread.</summary>
    /// <exception cref="System.InvalidOperationException">Code under test touched hardware the test did not provide.</exception>
    public static IHardware Hardware
    {
        get => _hardware ?? throw new System.InvalidOperationException("no hardware was given to this test");
        set => _hardware = value;
    }

    public static byte In8(ushort port) => (byte)Hardware.ReadPort(port, 1);
    public static ushort In16(ushort port) => (ushort)Hardware.ReadPort(port, 2);
    public static uint In32(ushort port) => Hardware.ReadPort(port, 4);
    public static void Out8(ushort port, byte value) => Hardware.WritePort(port, 1, value);
    public static void Out16(ushort port, ushort value) => Hardware.WritePort(port, 2, value);
    public static void Out32(ushort port, uint value) => Hardware.WritePort(port, 4, value);
    public static CpuidResult Cpuid(uint leaf, uint subleaf = 0) => Hardware.Cpuid(leaf, subleaf);
    public static ulong ReadMsr(uint index) => Hardware.ReadMsr(index);
    public static void WriteMsr(uint index, ulong value) => Hardware.WriteMsr(index, value);
    public static ulong ReadTimeStampCounter() => Hardware.TimeStampCounter;
    public static ulong ReadCr0() => Hardware.ReadControlRegister(0);
    public static ulong ReadCr2() => Hardware.ReadControlRegister(2);
    public static ulong ReadCr3() => Hardware.ReadControlRegister(3);
    public static ulong ReadCr4() => Hardware.ReadControlRegister(4);
    public static void WriteCr0(ulong value) => Hardware.WriteControlRegister(0, value);
    public static void WriteCr2(ulong value) => Hardware.WriteControlRegister(2, value);
    public static void WriteCr3(ulong value) => Hardware.WriteControlRegister(3, value);
    public static void WriteCr4(ulong value) => Hardware.WriteControlRegister(4, value);
    public static ulong ReadXcr0() => Hardware.ReadXcr0();
    public static void WriteXcr0(ulong value) => Hardware.WriteXcr0(value);
    public static void ClearMemory(void* address, ulong length) => System.Runtime.InteropServices.NativeMemory.Clear(address, (nuint)length);
    public static void Pause() => System.Threading.Thread.SpinWait(1);
    public static void WaitForInterrupt() => Hardware.WaitForInterrupt();
    public static void TakeInterrupts() => Hardware.TakeInterrupts();
    public static void LoadGdt(in DescriptorTablePointer table, ushort code, ushort data) => Hardware.LoadDescriptorTable(table);
    public static void LoadIdt(in DescriptorTablePointer table) => Hardware.LoadDescriptorTable(table);
    public static void LoadTaskRegister(ushort selector) => Hardware.LoadTaskRegister(selector);
    public static void DisableInterrupts() => Hardware.DisableInterrupts();
    public static void Halt() => throw Unavailable();
    public static void TripleFault() => throw Unavailable();
    public static void RaiseInvalidOpcode() => throw Unavailable();
    public static void OverflowStack(void* stackBottom) => throw Unavailable();
    public static void MainOnStack(void* stackTop, void* argument) => throw Unavailable();
    public static byte* TrampolineCode() => throw Unavailable();
    public static byte* ProcessorEntryPoint() => throw Unavailable();
    public static byte* InterruptEntries() => throw Unavailable();
    public static byte* SymbolTable() => throw Unavailable();
    public static byte* VendorKey() => throw Unavailable();
    public static void SvmRun(void* guestRegisters, ulong guestVmcb, ulong hostVmcb) =>
        Hardware.SvmRun(guestRegisters, guestVmcb, hostVmcb, 0);
    public static void SvmRunGuarded(void* guestRegisters, ulong guestVmcb, ulong hostVmcb, uint measures) =>
        Hardware.SvmRun(guestRegisters, guestVmcb, hostVmcb, measures);
    public static void SvmSaveHost(ulong hostVmcb) => Hardware.SvmSaveHost(hostVmcb);
    public static ulong ReadDr6() => Hardware.ReadDr6();
    public static void ReadDebugRegisters(ulong* breakpoints) => Hardware.ReadDebugRegisters(breakpoints);
    public static void WriteDebugRegisters(ulong* breakpoints) => Hardware.WriteDebugRegisters(breakpoints);
    public static void SaveExtended(byte* area, ulong states) => Hardware.SaveExtended(area, states);
    public static void RestoreExtended(byte* area, ulong states) => Hardware.RestoreExtended(area, states);
    public static void SaveFloatingPoint(byte* area) => Hardware.SaveExtended(area, 0);
    public static void RestoreFloatingPoint(byte* area) => Hardware.RestoreExtended(area, 0);
    public static void WriteDr6(ulong value) => Hardware.WriteDr6(value);
    public static void StoreGdt(out DescriptorTablePointer table) => table = Hardware.GlobalDescriptors;
    public static void StoreIdt(out DescriptorTablePointer table) => table = Hardware.InterruptDescriptors;
    public static void TakeNonMaskableInterrupt() => Hardware.TakeNonMaskableInterrupt();
    public static void VmxOn(ulong region) => Hardware.VmxOn(region);
    public static void VmxClear(ulong region) => Hardware.VmxClear(region);
    public static void VmxLoad(ulong region) => Hardware.VmxLoad(region);
    public static ulong VmxRead(ulong field) => Hardware.VmxRead(field);
    public static void VmxWrite(ulong field, ulong value) => Hardware.VmxWrite(field, value);
    public static uint VmxLaunch(void* guestRegisters, uint measures) =>
        Hardware.VmxEnter(guestRegisters, first: true, measures);
    public static uint VmxResume(void* guestRegisters, uint measures) =>
        Hardware.VmxEnter(guestRegisters, first: false, measures);
    public static void VmxInvalidateNested() => Hardware.VmxInvalidate(linear: false);
    public static void VmxInvalidateLinear() => Hardware.VmxInvalidate(linear: true);

    private static System.InvalidOperationException Unavailable() => new("only the bare machine can do this");
}
