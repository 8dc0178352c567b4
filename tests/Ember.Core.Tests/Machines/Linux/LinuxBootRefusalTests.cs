using System;
using System.Collections.Generic;
using System.Text;
using Ember.Core.Machines.Linux;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Machines.Linux;

/// <summary>Kernels that are wrong, cut short or too large, and what is said of them.</summary>
public sealed class LinuxBootRefusalTests
{
    private const ulong Size = 0x30_0000;

    [Theory]
    [InlineData(TestKernel.BootFlag, 2, 0xAA54UL, LinuxBootStatus.NotLinux)]
    [InlineData(TestKernel.BootFlag, 2, 0UL, LinuxBootStatus.NotLinux)]
    [InlineData(TestKernel.Magic, 4, 0x5372_6449UL, LinuxBootStatus.NotLinux)]
    [InlineData(TestKernel.Magic, 4, 0UL, LinuxBootStatus.NotLinux)]
    [InlineData(TestKernel.Version, 2, 0x020BUL, LinuxBootStatus.ProtocolTooOld)]
    [InlineData(TestKernel.Version, 2, 0x0100UL, LinuxBootStatus.ProtocolTooOld)]
    [InlineData(TestKernel.Version, 2, 0x020CUL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.Version, 2, 0xFFFFUL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.LoadFlags, 1, 0xFEUL, LinuxBootStatus.NotBzImage)]
    [InlineData(TestKernel.ExtendedLoadFlags, 2, 0xFFFEUL, LinuxBootStatus.Not64Bit)]
    [InlineData(TestKernel.JumpDistance, 1, 0x61UL, LinuxBootStatus.HeaderLengthInvalid)]
    [InlineData(TestKernel.JumpDistance, 1, 0x62UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.JumpDistance, 1, 0x8EUL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.JumpDistance, 1, 0x8FUL, LinuxBootStatus.HeaderLengthInvalid)]
    [InlineData(TestKernel.JumpDistance, 1, 0xFFUL, LinuxBootStatus.HeaderLengthInvalid)]
    [InlineData(TestKernel.SystemSize, 4, 0UL, LinuxBootStatus.CodeMissing)]
    [InlineData(TestKernel.SystemSize, 4, 0x20UL, LinuxBootStatus.CodeMissing)]
    [InlineData(TestKernel.SystemSize, 4, 0x21UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.SystemSize, 4, 0x101UL, LinuxBootStatus.KernelTruncated)]
    [InlineData(TestKernel.SystemSize, 4, 0xFFFF_FFFFUL, LinuxBootStatus.KernelTruncated)]
    [InlineData(TestKernel.SetupSectors, 1, 0UL, LinuxBootStatus.KernelTruncated)]
    [InlineData(TestKernel.SetupSectors, 1, 2UL, LinuxBootStatus.KernelTruncated)]
    [InlineData(TestKernel.SetupSectors, 1, 0xFFUL, LinuxBootStatus.KernelTruncated)]
    [InlineData(TestKernel.KernelAlignment, 4, 0UL, LinuxBootStatus.AlignmentInvalid)]
    [InlineData(TestKernel.KernelAlignment, 4, 0x3000UL, LinuxBootStatus.AlignmentInvalid)]
    [InlineData(TestKernel.KernelAlignment, 4, 0xFFFF_FFFFUL, LinuxBootStatus.AlignmentInvalid)]
    [InlineData(TestKernel.KernelAlignment, 4, 0x8000_0000UL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.KernelAlignment, 4, 0x20_0000UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.KernelAlignment, 4, 0x40_0000UL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.PreferredAddress, 8, 0UL, LinuxBootStatus.AddressTooLow)]
    [InlineData(TestKernel.PreferredAddress, 8, 0xF_FFFFUL, LinuxBootStatus.AddressTooLow)]
    [InlineData(TestKernel.PreferredAddress, 8, 0x10_0000UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.PreferredAddress, 8, 0x2F_0000UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.PreferredAddress, 8, 0x2F_0001UL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.PreferredAddress, 8, 0x1_0000_0000UL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.PreferredAddress, 8, ulong.MaxValue, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.InitSize, 4, 0UL, LinuxBootStatus.InitSizeMissing)]
    [InlineData(TestKernel.InitSize, 4, 1UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.InitSize, 4, 0x10_0000UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.InitSize, 4, 0x10_0001UL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.InitSize, 4, 0xFFFF_FFFFUL, LinuxBootStatus.MemoryTooSmall)]
    [InlineData(TestKernel.CommandLineSize, 4, 4UL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.CommandLineSize, 4, 3UL, LinuxBootStatus.CommandLineTooLong)]
    [InlineData(TestKernel.CommandLineSize, 4, 0UL, LinuxBootStatus.CommandLineTooLong)]
    [InlineData(TestKernel.InitrdAddressMaximum, 4, 0UL, LinuxBootStatus.InitrdTooLarge)]
    [InlineData(TestKernel.InitrdAddressMaximum, 4, 0x20_FFFEUL, LinuxBootStatus.InitrdTooLarge)]
    [InlineData(TestKernel.InitrdAddressMaximum, 4, 0x20_FFFFUL, LinuxBootStatus.Loaded)]
    [InlineData(TestKernel.InitrdAddressMaximum, 4, 0xFFFF_FFFFUL, LinuxBootStatus.Loaded)]
    public void Each_field_is_checked(int offset, int size, ulong value, LinuxBootStatus expected)
    {
        byte[] kernel = TestKernel.Small();
        TestKernel.Put(kernel, offset, value, size);
        Check(expected, kernel, kernel.Length, [], "root", Size);
    }

    [Fact]
    public void Kernel_that_cannot_be_moved_needs_no_alignment_and_stays_where_it_is()
    {
        byte[] kernel = TestKernel.Small();
        kernel[TestKernel.Relocatable] = 0;
        TestKernel.Put(kernel, TestKernel.KernelAlignment, 0, 4);
        TestKernel.Put(kernel, TestKernel.PreferredAddress, 0x12_3450, 8);
        using GuestBuffer guest = new(Size);
        Assert.Equal(LinuxBootStatus.Loaded, LinuxLoad.Try(guest.Memory, kernel, kernel.Length, [], "", out GuestEntry entry));
        Assert.Equal(0x12_3650UL, entry.Rip);
    }

    [Fact]
    public void Kernel_that_can_be_moved_is_aligned_upwards()
    {
        byte[] kernel = TestKernel.Small();
        TestKernel.Put(kernel, TestKernel.PreferredAddress, 0x12_3450, 8);
        using GuestBuffer guest = new(Size);
        Assert.Equal(LinuxBootStatus.Loaded, LinuxLoad.Try(guest.Memory, kernel, kernel.Length, [], "", out GuestEntry entry));
        Assert.Equal(0x12_4200UL, entry.Rip);
        Assert.True(guest.Bytes(0x12_4000, 4096).SequenceEqual(kernel.AsSpan(1024)));
    }

    /// <summary>What lies behind the end must not matter, so it is tried with two fillings.</summary>
    [Fact]
    public void Kernel_cut_short_anywhere_is_refused()
    {
        byte[] kernel = TestKernel.Small();
        List<int> lengths =
        [
            0, 1, 0x1F1, 0x1FE, 0x202, 0x206, 0x264, 0x26C, 1023, 1024, 1025, 1024 + 0x200, kernel.Length - 16, kernel.Length - 1,
        ];
        for (int length = 0; length < kernel.Length; length += 61)
        {
            lengths.Add(length);
        }

        foreach (int length in lengths)
        {
            LinuxBootStatus expected = length < 1024 ? LinuxBootStatus.NotLinux : LinuxBootStatus.KernelTruncated;
            byte[] poisoned = [.. kernel];
            poisoned.AsSpan(length).Fill(0xFF);
            Check(expected, kernel, length, [], "", Size);
            Check(expected, poisoned, length, [], "", Size);
        }

        Check(LinuxBootStatus.Loaded, kernel, kernel.Length, [], "", Size);
        byte[] longer = [.. kernel, 1, 2, 3];
        Check(LinuxBootStatus.Loaded, longer, longer.Length, [], "", Size);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(0x2000UL)]
    [InlineData(0xF_FFFFUL)]
    [InlineData(0x1F_FFFFUL)]
    [InlineData(0x20_0000UL)]
    [InlineData(0x20_FFFFUL)]
    public void Memory_that_does_not_hold_the_kernel_is_too_small(ulong size)
    {
        byte[] kernel = TestKernel.Small();
        Check(LinuxBootStatus.MemoryTooSmall, kernel, kernel.Length, [], "", size);
        Check(LinuxBootStatus.Loaded, kernel, kernel.Length, [], "", 0x21_0000);
    }

    [Fact]
    public void Kernel_that_needs_less_than_its_own_size_still_gets_that()
    {
        byte[] kernel = TestKernel.Small();
        TestKernel.Put(kernel, TestKernel.InitSize, 1, 4);
        Check(LinuxBootStatus.MemoryTooSmall, kernel, kernel.Length, [], "", 0x20_0FFF);
        Check(LinuxBootStatus.Loaded, kernel, kernel.Length, [], "", 0x20_1000);
    }

    [Theory]
    [InlineData(0xF_0000, LinuxBootStatus.Loaded)]
    [InlineData(0xE_FFFF, LinuxBootStatus.Loaded)]
    [InlineData(0xF_0001, LinuxBootStatus.InitrdTooLarge)]
    [InlineData(0x40_0000, LinuxBootStatus.InitrdTooLarge)]
    public void Initrd_must_fit_above_the_kernel(int length, LinuxBootStatus expected)
    {
        byte[] kernel = TestKernel.Small();
        Check(expected, kernel, kernel.Length, new byte[length], "", Size);
    }

    [Fact]
    public void Initrd_whose_page_would_begin_in_the_kernel_is_too_large()
    {
        byte[] kernel = TestKernel.Small();
        Check(LinuxBootStatus.Loaded, kernel, kernel.Length, new byte[0x100], "", 0x21_0180);
        TestKernel.Put(kernel, TestKernel.InitSize, 0x1_0010, 4);
        Check(LinuxBootStatus.InitrdTooLarge, kernel, kernel.Length, new byte[0x100], "", 0x21_0180);
        TestKernel.Put(kernel, TestKernel.InitSize, 0xFFF8, 4);
        Check(LinuxBootStatus.InitrdTooLarge, kernel, kernel.Length, new byte[8], "", 0x21_0000);
    }

    [Theory]
    [InlineData(2047, 2047U, LinuxBootStatus.Loaded)]
    [InlineData(2048, 2047U, LinuxBootStatus.CommandLineTooLong)]
    [InlineData(4095, 0xFFFF_FFFFU, LinuxBootStatus.Loaded)]
    [InlineData(4096, 0xFFFF_FFFFU, LinuxBootStatus.CommandLineTooLong)]
    public void Command_line_has_its_limits(int length, uint limit, LinuxBootStatus expected)
    {
        byte[] kernel = TestKernel.Small();
        TestKernel.Put(kernel, TestKernel.CommandLineSize, limit, 4);
        Check(expected, kernel, kernel.Length, [], new string('a', length), Size);
    }

    /// <summary>Whatever a header says, what is loaded lies in memory and nothing lies on anything else.</summary>
    [Fact]
    public void Random_headers_never_reach_outside_memory()
    {
        Random random = new(11);
        byte[] good = TestKernel.Small();
        int[] fields =
        [
            TestKernel.SetupSectors, TestKernel.SystemSize, TestKernel.JumpDistance, TestKernel.InitrdAddressMaximum,
            TestKernel.KernelAlignment, TestKernel.Relocatable, TestKernel.CommandLineSize, TestKernel.PreferredAddress,
            TestKernel.PreferredAddress + 2, TestKernel.InitSize, TestKernel.InitSize + 2,
        ];
        int loaded = 0;
        for (int i = 0; i < 2_000; i++)
        {
            byte[] kernel = [.. good];
            for (int change = random.Next(4); change > 0; change--)
            {
                int value = random.Next(3) == 0 ? random.Next(256) : 1 << random.Next(8);
                kernel[fields[random.Next(fields.Length)] + random.Next(2)] = (byte)value;
            }

            byte[] initrd = new byte[random.Next(0x2_0000)];
            initrd.AsSpan().Fill(0xEE);
            ulong size = 0x10_0000 + (ulong)random.Next(0x40_0000);
            using GuestBuffer guest = new(size);
            if (LinuxLoad.Try(guest.Memory, kernel, kernel.Length, initrd, "quiet", out GuestEntry entry) != LinuxBootStatus.Loaded)
            {
                continue;
            }

            loaded++;
            int setup = (kernel[TestKernel.SetupSectors] + 1) * 512;
            int code = BitConverter.ToInt32(kernel, TestKernel.SystemSize) * 16;
            Assert.True(guest.Bytes(entry.Rip - 0x200, code).SequenceEqual(kernel.AsSpan(setup, code)));
            if (initrd.Length != 0)
            {
                Assert.True(guest.Bytes(BitConverter.ToUInt32(guest.Bytes(entry.Rsi + 0x218, 4)), initrd.Length).SequenceEqual(initrd));
            }
        }

        Assert.InRange(loaded, 300, 1_900);
    }

    [Fact]
    public void Every_status_has_a_text_of_its_own()
    {
        HashSet<string> texts = [Encoding.UTF8.GetString(LinuxBootStatusText.Of((LinuxBootStatus)255))];
        foreach (LinuxBootStatus status in Enum.GetValues<LinuxBootStatus>())
        {
            Assert.True(texts.Add(Encoding.UTF8.GetString(LinuxBootStatusText.Of(status))), status.ToString());
        }
    }

    private static void Check(
        LinuxBootStatus expected, byte[] kernel, int kernelLength, byte[] initrd, string commandLine, ulong size)
    {
        using GuestBuffer guest = new(size);
        Assert.Equal(expected, LinuxLoad.Try(guest.Memory, kernel, kernelLength, initrd, commandLine, out GuestEntry entry));
        if (expected != LinuxBootStatus.Loaded)
        {
            Assert.True(guest.IsZero(0, size));
            Assert.Equal(default, entry);
        }
    }
}
