using System;
using Ember.Platform.Processors;

namespace Ember.Platform.Tests.Hosting;

/// <summary>A machine that refuses every instruction: a test overrides those it expects.</summary>
internal abstract unsafe class RefusingHardware : IHardware
{
    public virtual ulong TimeStampCounter => throw Unexpected();

    public virtual uint ReadPort(ushort port, int size) => throw Unexpected();

    public virtual void WritePort(ushort port, int size, uint value) => throw Unexpected();

    public virtual CpuidResult Cpuid(uint leaf, uint subleaf) => throw Unexpected();

    public virtual ulong ReadMsr(uint index) => throw Unexpected();

    public virtual void WriteMsr(uint index, ulong value) => throw Unexpected();

    public virtual ulong ReadControlRegister(int number) => throw Unexpected();

    public virtual void WriteControlRegister(int number, ulong value) => throw Unexpected();

    public virtual ulong ReadXcr0() => throw Unexpected();

    public virtual void WriteXcr0(ulong value) => throw Unexpected();

    public virtual void WaitForInterrupt() => throw Unexpected();

    public virtual void TakeInterrupts() => throw Unexpected();

    public virtual void DisableInterrupts() => throw Unexpected();

    public virtual void LoadDescriptorTable(in DescriptorTablePointer table) => throw Unexpected();

    public virtual void LoadTaskRegister(ushort selector) => throw Unexpected();

    public virtual void SvmRun(void* guestRegisters, ulong guestVmcb, ulong hostVmcb, uint measures) => throw Unexpected();

    public virtual void SvmSaveHost(ulong hostVmcb) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("the test did not expect this instruction");
}
