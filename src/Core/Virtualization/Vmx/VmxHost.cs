using System.Threading;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>VMX operation of the physical processor, and what an exit restores of it (Intel SDM volume 3, sections 23.7 and 24.5).</summary>
internal static unsafe class VmxHost
{
    private const uint RevisionMask = 0x7FFF_FFFF;

    /// <summary>Times extended page tables were filled.</summary>
    private static int _nestedChanges;

    /// <summary>Enters VMX operation.</summary>
    /// <param name="region">A zeroed page, the processor's from now on.</param>
    public static void Enable(byte* region)
    {
        VmxCapabilities.Unlock();
        Cpu.WriteCr0(Fix(Cpu.ReadCr0(), ModelSpecificRegister.VmxCr0Fixed0, ModelSpecificRegister.VmxCr0Fixed1));
        Cpu.WriteCr4(Fix(Cpu.ReadCr4(), ModelSpecificRegister.VmxCr4Fixed0, ModelSpecificRegister.VmxCr4Fixed1));
        Stamp(region);
        Cpu.VmxOn((ulong)region);
    }

    /// <summary>Marks a zeroed page as a control structure, or a region, of this processor's format.</summary>
    public static void Stamp(byte* region) =>
        *(uint*)region = (uint)Cpu.ReadMsr(ModelSpecificRegister.VmxBasic) & RevisionMask;

    /// <summary>Extended page tables have been filled, maybe where others were: no processor may use what it knows of those.</summary>
    public static void ForgetNested() => Interlocked.Increment(ref _nestedChanges);

    /// <summary>Makes the current physical processor forget what <see cref="ForgetNested"/> was told.</summary>
    public static void FlushNested(ref HostContext host)
    {
        int changes = Volatile.Read(ref _nestedChanges);
        if (host.NestedChanges != changes)
        {
            host.NestedChanges = changes;
            Cpu.VmxInvalidateNested();
        }
    }

    /// <summary>Tells the current control structure what every processor is to find after an exit.</summary>
    public static void WriteConstants()
    {
        Vmcs.Write(VmcsField.HostCsSelector, DescriptorTables.CodeSelector);
        Vmcs.Write(VmcsField.HostSsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostDsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostEsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostFsSelector, 0);
        Vmcs.Write(VmcsField.HostGsSelector, 0);
        Vmcs.Write(VmcsField.HostTrSelector, DescriptorTables.TaskSelector);
        Vmcs.Write(VmcsField.HostPageAttributeTable, Cpu.ReadMsr(ModelSpecificRegister.PageAttributeTable));
        Vmcs.Write(VmcsField.HostEfer, Cpu.ReadMsr(ModelSpecificRegister.Efer));
    }

    /// <summary>Tells the current control structure what this processor is to find after an exit.</summary>
    public static void WriteState()
    {
        Vmcs.Write(VmcsField.HostCr0, Cpu.ReadCr0());
        Vmcs.Write(VmcsField.HostCr3, Cpu.ReadCr3());
        Vmcs.Write(VmcsField.HostCr4, Cpu.ReadCr4());
        Cpu.StoreGdt(out DescriptorTablePointer global);
        Cpu.StoreIdt(out DescriptorTablePointer interrupts);
        Vmcs.Write(VmcsField.HostTrBase, TaskBase((ulong*)(global.Base + DescriptorTables.TaskSelector)));
        Vmcs.Write(VmcsField.HostGdtrBase, global.Base);
        Vmcs.Write(VmcsField.HostIdtrBase, interrupts.Base);
    }

    /// <summary>The base in a 16-byte TSS descriptor (Intel SDM volume 3, section 7.2.3).</summary>
    private static ulong TaskBase(ulong* descriptor) =>
        ((descriptor[0] >> 16) & 0xFF_FFFF) | ((descriptor[0] >> 32) & 0xFF00_0000) | (descriptor[1] << 32);

    private static ulong Fix(ulong value, uint fixed0, uint fixed1) => (value | Cpu.ReadMsr(fixed0)) & Cpu.ReadMsr(fixed1);
}
