using System;
using Ember.Core.Memory;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization;

public sealed unsafe class InstructionFetcherTests
{
    private const int Size = 0x6000;

    /// <summary>Two neighbouring linear pages whose memory is not neighbouring: 0x400000 is at 0x5000, 0x401000 at 0x2000.</summary>
    private static readonly PagingState _paged = new() { Cr0 = 0x8000_0001, Cr3 = 0x1000 };

    [Fact]
    public void Fifteen_bytes_come_from_one_page_or_two()
    {
        byte[] memory = Build();
        for (ulong offset = 0; offset <= 0xFFF; offset += offset is >= 0x10 and < 0xFE0 ? 0x10U : 1U)
        {
            byte[] expected = new byte[15];
            for (int i = 0; i < 15; i++)
            {
                int at = (int)offset + i;
                expected[i] = at < 0x1000 ? memory[0x5000 + at] : memory[0x2000 + at - 0x1000];
            }

            Assert.Equal(Convert.ToHexString(expected), Fetch(memory, _paged, OperatingMode.Bits32, 0x40_0000 + offset, out _));
        }
    }

    [Fact]
    public void Code_ends_where_the_next_page_is_missing()
    {
        byte[] memory = Build();
        memory[0x3004] = 0;
        Assert.Equal(Convert.ToHexString(memory.AsSpan(0x5FFD, 3)), Fetch(memory, _paged, OperatingMode.Bits32, 0x40_0FFD, out _));
        Assert.Null(Fetch(memory, _paged, OperatingMode.Bits32, 0x40_1000, out uint error));
        Assert.Equal(0U, error);
        Assert.Null(Fetch(memory, _paged, OperatingMode.Bits32, 0x40_1000, out error, user: true));
        Assert.Equal(4U, error);
    }

    [Fact]
    public void Code_ends_where_memory_ends()
    {
        byte[] memory = Build();
        PagingState flat = default;
        for (int count = 1; count <= 16; count++)
        {
            string expected = Convert.ToHexString(memory.AsSpan(Size - count, Math.Min(count, 15)));
            Assert.Equal(expected, Fetch(memory, flat, OperatingMode.Bits16, (ulong)(Size - count), out _));
        }

        Assert.Null(Fetch(memory, flat, OperatingMode.Bits16, Size, out uint error));
        Assert.Equal(0U, error);
    }

    [Fact]
    public void Addresses_of_32_bit_code_wrap()
    {
        byte[] memory = Build();
        Assert.Equal(
            Convert.ToHexString(memory.AsSpan(0x100, 15)),
            Fetch(memory, default, OperatingMode.Bits32, 0x1_0000_0100, out _));
    }

    [Fact]
    public void Code_of_a_32_bit_program_under_a_64_bit_kernel_goes_on_at_0()
    {
        byte[] memory = Build();
        memory.AsSpan(0, Size - 0x2000).Clear();
        // The tables at 0x0000 to 0x3FFF map the first page below 4 GiB to 0x5000 and page 0 to 0x4000.
        (int At, ulong Entry)[] entries =
        [
            (0, 0x1007), (0x1000, 0x2007), (0x1018, 0x2007), (0x2000, 0x3007), (0x2FF8, 0x3007), (0x3000, 0x4007), (0x3FF8, 0x5007),
        ];
        foreach ((int at, ulong entry) in entries)
        {
            BitConverter.TryWriteBytes(memory.AsSpan(at), entry);
        }

        PagingState compatible = new() { Cr0 = 0x8000_0001, Cr3 = 0, Cr4 = 0x20, Efer = 0x500 };
        byte[] expected = [.. memory.AsSpan(0x5FFB, 5), .. memory.AsSpan(0x4000, 10)];
        string? wrapped = Fetch(memory, compatible, OperatingMode.Bits32, 0xFFFF_FFFB, out _, user: true);
        Assert.Equal(Convert.ToHexString(expected), wrapped);
        string? ended = Fetch(memory, compatible, OperatingMode.Bits64, 0xFFFF_FFFB, out _, user: true);
        Assert.Equal(Convert.ToHexString(expected[..5]), ended);
    }

    private static byte[] Build()
    {
        byte[] memory = new byte[Size];
        new Random(5).NextBytes(memory);
        memory.AsSpan(0x1000, 0x1000).Clear();
        memory.AsSpan(0x3000, 0x1000).Clear();
        BitConverter.TryWriteBytes(memory.AsSpan(0x1004), 0x3007);
        BitConverter.TryWriteBytes(memory.AsSpan(0x3000), 0x5007);
        BitConverter.TryWriteBytes(memory.AsSpan(0x3004), 0x2007);
        return memory;
    }

    private static string? Fetch(
        byte[] memory, in PagingState paging, OperatingMode mode, ulong address, out uint error, bool user = false)
    {
        fixed (byte* origin = memory)
        {
            return InstructionFetcher.TryFetch(
                new GuestMemory(origin, Size), paging, mode, address, user, out InstructionBytes bytes, out error)
                ? Convert.ToHexString(bytes.Span)
                : null;
        }
    }
}
