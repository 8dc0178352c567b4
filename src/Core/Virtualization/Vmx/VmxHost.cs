using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>VMX operation of the physical processor, and what an exit restores of it (Intel SDM volume 3, sections 23.7 and 24.5).</summary>
internal static unsafe class VmxHost
{
    private const uint RevisionMask = 0x7FFF_FFFF;

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

    /// <summary>Makes a zeroed page the current control structure.</summary>
    public static void Load(byte* region)
    {
        Stamp(region);
        Cpu.VmxClear((ulong)region);
        Cpu.VmxLoad((ulong)region);
    }

    /// <summary>Tells the current control structure what the processor is to find after an exit.</summary>
    public static void WriteState()
    {
        Vmcs.Write(VmcsField.HostCr0, Cpu.ReadCr0());
        Vmcs.Write(VmcsField.HostCr3, Cpu.ReadCr3());
        Vmcs.Write(VmcsField.HostCr4, Cpu.ReadCr4());
        Vmcs.Write(VmcsField.HostCsSelector, DescriptorTables.CodeSelector);
        Vmcs.Write(VmcsField.HostSsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostDsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostEsSelector, DescriptorTables.DataSelector);
        Vmcs.Write(VmcsField.HostFsSelector, 0);
        Vmcs.Write(VmcsField.HostGsSelector, 0);
        Vmcs.Write(VmcsField.HostTrSelector, DescriptorTables.TaskSelector);
        Cpu.StoreGdt(out DescriptorTablePointer global);
        Cpu.StoreIdt(out DescriptorTablePointer interrupts);
        Vmcs.Write(VmcsField.HostTrBase, TaskBase((ulong*)(global.Base + DescriptorTables.TaskSelector)));
        Vmcs.Write(VmcsField.HostGdtrBase, global.Base);
        Vmcs.Write(VmcsField.HostIdtrBase, interrupts.Base);
        Vmcs.Write(VmcsField.HostPageAttributeTable, Cpu.ReadMsr(ModelSpecificRegister.PageAttributeTable));
        Vmcs.Write(VmcsField.HostEfer, Cpu.ReadMsr(ModelSpecificRegister.Efer));
    }

    /// <summary>The base in a 16-byte TSS descriptor (Intel SDM volume 3, section 7.2.3).</summary>
    private static ulong TaskBase(ulong* descriptor) =>
        ((descriptor[0] >> 16) & 0xFF_FFFF) | ((descriptor[0] >> 32) & 0xFF00_0000) | (descriptor[1] << 32);

    private static ulong Fix(ulong value, uint fixed0, uint fixed1) => (value | Cpu.ReadMsr(fixed0)) & Cpu.ReadMsr(fixed1);

    private static void Stamp(byte* region) =>
        *(uint*)region = (uint)Cpu.ReadMsr(ModelSpecificRegister.VmxBasic) & RevisionMask;
}
