using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>The registers of system calls and RDTSCP, which a guest has to itself and no control structure holds.</summary>
internal struct SystemCallRegisters
{
    private ulong _star;
    private ulong _longStar;
    private ulong _compatibilityStar;
    private ulong _flagMask;
    private ulong _kernelGsBase;
    private ulong _tscAux;

    /// <summary>Puts them into the processor.</summary>
    public readonly void Load()
    {
        Cpu.WriteMsr(ModelSpecificRegister.Star, _star);
        Cpu.WriteMsr(ModelSpecificRegister.LongStar, _longStar);
        Cpu.WriteMsr(ModelSpecificRegister.CompatibilityStar, _compatibilityStar);
        Cpu.WriteMsr(ModelSpecificRegister.SyscallFlagMask, _flagMask);
        Cpu.WriteMsr(ModelSpecificRegister.KernelGsBase, _kernelGsBase);
        Cpu.WriteMsr(ModelSpecificRegister.TscAux, _tscAux);
    }

    /// <summary>Takes them out of it.</summary>
    public void Save()
    {
        _star = Cpu.ReadMsr(ModelSpecificRegister.Star);
        _longStar = Cpu.ReadMsr(ModelSpecificRegister.LongStar);
        _compatibilityStar = Cpu.ReadMsr(ModelSpecificRegister.CompatibilityStar);
        _flagMask = Cpu.ReadMsr(ModelSpecificRegister.SyscallFlagMask);
        _kernelGsBase = Cpu.ReadMsr(ModelSpecificRegister.KernelGsBase);
        _tscAux = Cpu.ReadMsr(ModelSpecificRegister.TscAux);
    }
}
