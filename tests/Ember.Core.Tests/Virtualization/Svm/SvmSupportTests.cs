using System;
using System.Runtime.InteropServices;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>Whether a processor can run guests, and switching it on.</summary>
public sealed unsafe class SvmSupportTests
{
    private const uint Efer = 0xC000_0080;
    private const uint VmCr = 0xC001_0114;
    private const uint HostSaveArea = 0xC001_0117;

    [Theory]
    [InlineData(0x8000_000Au, true, false, true, "Available")]
    [InlineData(0x8000_001Fu, true, false, true, "Available")]
    [InlineData(0x8000_000Au, true, false, false, "NestedPagingMissing")]
    [InlineData(0x8000_000Au, true, true, true, "SvmDisabledByFirmware")]
    [InlineData(0x8000_000Au, true, true, false, "SvmDisabledByFirmware")]
    [InlineData(0x8000_000Au, false, false, true, "Missing")]
    [InlineData(0x8000_0008u, true, false, true, "Missing")]
    [InlineData(0x8000_0008u, false, true, false, "Missing")]
    [InlineData(0u, true, false, true, "Missing")]
    public void Support_needs_the_extension_the_firmware_and_nested_paging(
        uint maximum, bool svm, bool disabled, bool nested, string expected)
    {
        var hardware = new FakeHardware();
        hardware.CpuidLeaves[(0x8000_0000, 0)] = new CpuidResult { Eax = maximum };
        hardware.CpuidLeaves[(0x8000_0001, 0)] = new CpuidResult { Ecx = svm ? 4u : ~4u };
        hardware.CpuidLeaves[(0x8000_000A, 0)] = new CpuidResult { Edx = nested ? 1u : ~1u };
        hardware.Msrs[VmCr] = disabled ? 0x10ul : ~0x10ul;
        Assert.Equal(expected, SvmProcessor.Support.ToString());
    }

    [Fact]
    public void A_processor_without_the_extension_is_not_asked_for_its_registers()
    {
        var hardware = new FakeHardware();
        hardware.CpuidLeaves[(0x8000_0000, 0)] = new CpuidResult { Eax = 0x8000_001F };
        Assert.Equal(VirtualizationSupport.Missing, SvmProcessor.Support);
        Assert.Empty(hardware.Msrs);
    }

    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        string[] words = Array.ConvertAll(
            Enum.GetValues<VirtualizationSupport>(), support => System.Text.Encoding.UTF8.GetString(VirtualizationSupportText.Of(support)));
        Assert.Equal(9, words.Length);
        Assert.Distinct(words);
        Assert.All(words, text => Assert.StartsWith("processor: ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Enabling_keeps_what_efer_has_and_gives_the_processor_both_pages()
    {
        var hardware = new FakeHardware();
        hardware.Msrs[Efer] = 0xD01;
        void* pages = NativeMemory.AlignedAlloc((nuint)(SvmProcessor.HostPages * 4096), 4096);
        hardware.CpuidLeaves[(0x8000_000A, 0)] = new CpuidResult { Ebx = 16 };
        HostContext host = default;
        SvmProcessor.Enable(ref host, (byte*)pages);
        Assert.Equal(0x1D01ul, hardware.Msrs[Efer]);
        Assert.Equal((ulong)pages, hardware.Msrs[HostSaveArea]);
        Assert.Equal((ulong)pages + 4096, hardware.SavedHost);
        Assert.Equal(((ulong)pages + 4096, 16u), (host.HostState, host.IdentifierCount));
        Assert.Equal(2ul, SvmProcessor.HostPages);
        NativeMemory.AlignedFree(pages);
    }
}
