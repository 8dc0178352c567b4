using System.Runtime.InteropServices;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Vmx;
using Ember.Platform.Memory;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>Whether a processor can run guests, and switching it on.</summary>
public sealed unsafe class VmxSupportTests
{
    private readonly FakeHardware _hardware = new();

    public VmxSupportTests() => VmxMachine.Describe(_hardware);

    [Fact]
    public void A_processor_with_everything_is_taken() => Assert.Equal(VirtualizationSupport.Available, VmxProcessor.Support);

    [Fact]
    public void A_processor_without_the_extension_is_not_asked_for_its_registers()
    {
        _hardware.CpuidLeaves[(1, 0)] = new CpuidResult { Ecx = ~(1u << 5) };
        _hardware.Msrs.Clear();
        Assert.Equal(VirtualizationSupport.Missing, VmxProcessor.Support);
    }

    /// <summary>IA32_FEATURE_CONTROL: lock 0, VMX inside SMX 1, VMX outside SMX 2.</summary>
    [Theory]
    [InlineData(0ul, "Available")]
    [InlineData(1ul, "VmxDisabledByFirmware")]
    [InlineData(3ul, "VmxDisabledByFirmware")]
    [InlineData(4ul, "Available")]
    [InlineData(5ul, "Available")]
    public void The_firmware_may_have_locked_it_off(ulong control, string expected)
    {
        _hardware.Msrs[VmxMachine.FeatureControl] = control;
        Assert.Equal(expected, VmxProcessor.Support.ToString());
    }

    /// <summary>Every bit of every capability that is used, by its number in the MSR; without it the processor is refused.</summary>
    [Theory]
    [InlineData(VmxMachine.Basic, "VmxControlsMissing", new[] { 51, 52, 55 })]
    [InlineData(VmxMachine.TruePin, "VmxControlsMissing", new[] { 32, 35, 37 })]
    [InlineData(VmxMachine.TruePrimary, "VmxControlsMissing", new[] { 39, 42, 43, 53, 56, 60, 61, 63 })]
    [InlineData(VmxMachine.TrueExit, "VmxControlsMissing", new[] { 34, 41, 50, 51, 52, 53 })]
    [InlineData(VmxMachine.TrueEntry, "VmxControlsMissing", new[] { 34, 41, 46, 47 })]
    [InlineData(VmxMachine.Secondary, "VmxControlsMissing", new[] { 38 })]
    [InlineData(VmxMachine.Secondary, "EptMissing", new[] { 33 })]
    [InlineData(VmxMachine.EptVpid, "EptMissing", new[] { 6, 14, 16, 20, 26 })]
    [InlineData(VmxMachine.Secondary, "UnrestrictedGuestMissing", new[] { 39 })]
    [InlineData(VmxMachine.Secondary, "VpidMissing", new[] { 37 })]
    [InlineData(VmxMachine.EptVpid, "VpidMissing", new[] { 32, 42 })]
    [InlineData(VmxMachine.Secondary, "Available", new[] { 35, 44 })]
    public void Each_missing_capability_is_named(uint msr, string expected, int[] bits)
    {
        ulong all = _hardware.Msrs[msr];
        foreach (int bit in bits)
        {
            Assert.True((all >> bit & 1) != 0, $"bit {bit} is not there at all");
            _hardware.Msrs[msr] = all & ~(1ul << bit);
            Assert.Equal((bit, expected), (bit, VmxProcessor.Support.ToString()));
        }
    }

    [Theory]
    [InlineData(0ul, 5ul)]
    [InlineData(5ul, 5ul)]
    [InlineData(0x8_0000ul, 0x8_0005ul)]
    public void Enabling_unlocks_fixes_the_control_registers_and_stamps_the_region(ulong control, ulong after)
    {
        _hardware.Msrs[VmxMachine.FeatureControl] = control;
        byte* page = (byte*)NativeMemory.AlignedAlloc(4096, 4096);
        NativeMemory.Clear(page, 4096);
        HostContext host = default;
        VmxProcessor.Enable(ref host, page);
        Assert.Equal(0x1_0000u, host.IdentifierCount);
        Assert.Equal(1ul, VmxProcessor.HostPages);
        Assert.Equal(after, _hardware.Msrs[VmxMachine.FeatureControl]);
        Assert.Equal(0x8001_0033ul, _hardware.ControlRegisters[0]);
        Assert.Equal(0x4_2620ul, _hardware.ControlRegisters[4]);
        Assert.Equal(0x2Bu, *(uint*)page);
        Assert.Equal([$"vmxon {(ulong)page:x}"], _hardware.VmxSteps);
        NativeMemory.AlignedFree(page);
    }

    [Fact]
    public void Nested_tables_are_extended_ones_with_the_pages_the_processor_has()
    {
        Assert.Equal(PageTableFormat.Extended, VmxProcessor.NestedFormat);
        Assert.True(VmxProcessor.HasHugeNestedPages == ((_hardware.Msrs[VmxMachine.EptVpid] >> 17 & 1) != 0));
        _hardware.Msrs[VmxMachine.EptVpid] ^= 1ul << 17;
        Assert.True(VmxProcessor.HasHugeNestedPages == ((_hardware.Msrs[VmxMachine.EptVpid] >> 17 & 1) != 0));
    }
}
