using System;
using System.Threading;
using CsCheck;
using Ember.Guests;

namespace Ember.Formats.Tests.Kernels;

/// <summary>Whatever a file says, an accepted kernel is inside its file and its memory.</summary>
public sealed class HostileKernelTests
{
    private static readonly byte[][] _kernels =
    [
        PvhGuest.Build(), MultibootGuest.BuildElf(), MultibootGuest.BuildFlat(),
        new GuestElf { Content = new byte[64], Address = 0x10_0000, Entry = 0x10_0000, HasPvhNote = true }.Build(),
    ];

    [Fact]
    public void No_change_of_a_good_kernel_makes_a_bad_one_pass()
    {
        Gen<uint> word = Gen.OneOf(
            Gen.UInt, Gen.UInt[0, 0x2000], Gen.UInt[0x10_0000, 0x110_0000], Gen.UInt[uint.MaxValue - 0x2000, uint.MaxValue]);

        // Header, program headers and note of an ELF file; the Multiboot header behind them, and of a flat file.
        Gen<int> place = Gen.OneOf(Gen.Int[0, 63], Gen.Int[0x400, 0x408]);
        int accepted = 0;
        Gen.Select(Gen.Int[0, _kernels.Length - 1], Gen.Select(place, word).Array[1, 4], Gen.Int[0, 3]).Sample((index, changes, cut) =>
        {
            byte[] file = (byte[])_kernels[index].Clone();
            foreach ((int at, uint value) in changes)
            {
                if ((at * 4) + 4 <= file.Length)
                {
                    BitConverter.TryWriteBytes(file.AsSpan(at * 4), value);
                }
            }

            if (AcceptedKernel.Check(file.AsSpan(0, file.Length - (cut == 0 ? 40 : 0))))
            {
                Interlocked.Increment(ref accepted);
            }
        }, iter: 20_000);
        Assert.InRange(accepted, 1_000, 19_000);
    }

    [Fact]
    public void Random_bytes_are_never_followed() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 2]).Sample((bytes, start) =>
        {
            ReadOnlySpan<byte> magic = start == 0 ? [] : start == 1 ? [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] : [0x02, 0xB0, 0xAD, 0x1B];
            byte[] file = [.. magic, .. bytes];
            _ = AcceptedKernel.Check(file);
        });
}
