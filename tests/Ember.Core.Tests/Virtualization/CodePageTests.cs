using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ember.Core.Memory;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization;

/// <summary>The remembered page against a walk from the start, while a guest edits its tables.</summary>
public sealed unsafe class CodePageTests
{
    private const ulong Pages = 12;
    private const ulong Size = Pages * 4096;
    private const ulong Cr0Paged = 0x8001_0001;
    private const ulong Cr4Pae = 1 << 5;
    private const ulong Cr4La57 = 1 << 12;
    private const ulong EferLongNoExecute = 0xD00;

    [Fact]
    public void Whatever_a_guest_does_to_its_tables_only_code_it_could_fetch_is_read()
    {
        var random = new Random(7);
        byte[] memory = new byte[Size];
        int hits = 0;
        int misses = 0;
        int stale = 0;
        fixed (byte* origin = memory)
        {
            var guest = new GuestMemory(origin, Size);
            for (int round = 0; round < 2_500; round++)
            {
                FillRandomly(random, memory);
                PagingState paging = RandomState(random);
                ulong linear = RandomAddress(random);
                CodePage page = default;
                if (CanFetch(in guest, in paging, linear))
                {
                    page.Remember(in guest, in paging, linear);
                }

                for (int step = 0; step < 12; step++)
                {
                    ulong at = random.Next(4) == 0 ? linear : (linear & ~0xFFFul) + (ulong)random.Next(0x1000 + 16);
                    ushort read = page.Read(at, paging.Cr0, paging.Cr3, paging.Cr4, paging.Efer);
                    bool fetched = InstructionFetcher.TryFetch(
                        in guest, in paging, OperatingMode.Bits64, at, false, out InstructionBytes bytes, out _);
                    if (read != 0)
                    {
                        Assert.True(fetched && bytes.Span.Length >= 2, $"round {round}: {at:X16} cannot be fetched");
                        Assert.Equal(BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span), read);
                        hits++;
                    }
                    else
                    {
                        misses++;
                        stale += fetched ? 1 : 0;
                    }

                    Edit(random, memory, ref paging);
                }
            }
        }

        Assert.True(hits > 1_000 && misses > 1_000 && stale > 300, $"{hits} read, {misses} not, {stale} of them fetchable");
    }

    [Theory]
    [InlineData(1, 0x4000ul)]
    [InlineData(2, 0x8000ul)]
    [InlineData(3, 0x8000ul)]
    public void A_page_is_remembered_at_every_size_up_to_its_last_byte_but_one(int levelOfLeaf, ulong physical)
    {
        byte[] memory = LongModeMemory(levelOfLeaf, physical);
        fixed (byte* origin = memory)
        {
            var guest = new GuestMemory(origin, (ulong)memory.Length);
            var paging = new PagingState { Cr0 = Cr0Paged, Cr3 = 0, Cr4 = Cr4Pae, Efer = EferLongNoExecute };
            ulong linear = levelOfLeaf == 1 ? 0 : 0x8000ul;
            CodePage page = default;
            Assert.Equal(0, page.Read(linear, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
            page.Remember(in guest, in paging, linear);
            for (ulong offset = 0; offset < 0xFFF; offset++)
            {
                ushort expected = BinaryPrimitives.ReadUInt16LittleEndian(memory.AsSpan((int)(physical + offset)));
                Assert.Equal(expected, page.Read(linear + offset, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
            }

            Assert.Equal(0, page.Read(linear + 0xFFF, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
            Assert.Equal(0, page.Read(linear - 1, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
            Assert.Equal(0, page.Read(linear, Cr0Paged ^ 0x1_0000, 0, Cr4Pae, EferLongNoExecute));
            Assert.Equal(0, page.Read(linear, Cr0Paged, 0x1000, Cr4Pae, EferLongNoExecute));
            Assert.Equal(0, page.Read(linear, Cr0Paged, 0, Cr4Pae | (1 << 20), EferLongNoExecute));
            Assert.Equal(0, page.Read(linear, Cr0Paged, 0, Cr4Pae, EferLongNoExecute & ~0x800ul));

            // Any bit of any entry on the way may matter.
            for (int level = levelOfLeaf; level <= 4; level++)
            {
                memory[((4 - level) * 0x1000) + (level == 1 ? (int)(linear >> 12) * 8 : 0)] ^= 0x20;
                Assert.Equal(0, page.Read(linear, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
                memory[((4 - level) * 0x1000) + (level == 1 ? (int)(linear >> 12) * 8 : 0)] ^= 0x20;
                Assert.NotEqual(0, page.Read(linear, Cr0Paged, 0, Cr4Pae, EferLongNoExecute));
            }
        }
    }

    /// <summary>The guest's memory ends where the host's page does, and what follows is not there to be touched.</summary>
    [Fact]
    public void Nothing_outside_the_guests_memory_is_touched()
    {
        var random = new Random(11);
        nuint length = (nuint)(Size * 3);
        byte* island = (byte*)NativeMemory.AlignedAlloc(length, 4096);
        var outside = new Span<byte>(island, (int)length);
        int reads = 0;
        for (int round = 0; round < 1_500; round++)
        {
            // Outside lies what would lead a careless walk to code: entries that are all present, and instructions.
            outside.Fill(0xF4);
            FillRandomly(random, new Span<byte>(island + Size, (int)Size));
            for (ulong entry = 0; entry < Pages * 512; entry++)
            {
                ref ulong value = ref ((ulong*)(island + Size))[entry];
                value += random.Next(3) == 0 ? (ulong)random.Next((int)Pages * 2) << 12 : 0;
            }

            var guest = new GuestMemory(island + Size, Size);
            PagingState paging = RandomState(random);
            paging.Cr3 += random.Next(8) == 0 ? Size - 0x1000 : 0;
            ulong linear = RandomAddress(random);
            CodePage page = default;
            page.Remember(in guest, in paging, linear);
            ushort read = page.Read(linear, paging.Cr0, paging.Cr3, paging.Cr4, paging.Efer);
            Assert.NotEqual(0xF4F4, read);
            reads += read != 0 ? 1 : 0;
        }

        Assert.True(reads > 20, $"{reads} were read");

        NativeMemory.AlignedFree(island);
    }

    private static bool CanFetch(in GuestMemory guest, in PagingState paging, ulong linear) =>
        InstructionFetcher.TryFetch(in guest, in paging, OperatingMode.Bits64, linear, false, out _, out _);

    private static byte[] LongModeMemory(int levelOfLeaf, ulong physical)
    {
        byte[] memory = new byte[0x9000];
        new Random(3).NextBytes(memory.AsSpan(0x4000));
        for (int at = 0x4000; at < memory.Length; at++)
        {
            memory[at] |= 1;
        }

        for (int level = 4; level > levelOfLeaf; level--)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan((4 - level) * 0x1000), (ulong)((5 - level) * 0x1000) | 7);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(
            memory.AsSpan((4 - levelOfLeaf) * 0x1000), levelOfLeaf == 1 ? physical | 7 : 0x87);
        return memory;
    }

    private static void FillRandomly(Random random, Span<byte> memory)
    {
        for (int address = 0; address < memory.Length; address += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(memory[address..], RandomEntry(random));
        }
    }

    private static ulong RandomEntry(Random random)
    {
        ulong entry = ((ulong)random.Next((int)Pages) << 12) | 7;
        entry &= random.Next(6) == 0 ? ~0x3FFF_F000ul : ulong.MaxValue;
        entry |= random.Next(6) == 0 ? 0x80ul : 0;
        entry &= random.Next(10) == 0 ? ~(1UL << random.Next(3)) : ulong.MaxValue;
        entry |= random.Next(24) == 0 ? 1UL << random.Next(64) : 0;
        return entry;
    }

    private static PagingState RandomState(Random random) => new()
    {
        Cr0 = Cr0Paged,
        Cr3 = (ulong)random.Next((int)Pages) << 12,
        Cr4 = Cr4Pae | (random.Next(8) == 0 ? Cr4La57 : 0) | (random.Next(4) == 0 ? 1u << 20 : 0),
        Efer = random.Next(8) == 0 ? EferLongNoExecute & ~0x800ul : EferLongNoExecute,
    };

    /// <summary>Low offsets in large pages, so that they stay in the little memory there is; canonical mostly.</summary>
    private static ulong RandomAddress(Random random)
    {
        ulong linear = ((ulong)(uint)random.Next(512) << 39) | ((ulong)(uint)random.Next(512) << 30) | (uint)random.Next((int)Size);
        linear |= random.Next(2) == 0 ? (ulong)(uint)random.Next(512) << 21 : 0;
        return random.Next(8) != 0 && (linear & (1UL << 47)) != 0 ? linear | 0xFFFF_0000_0000_0000 : linear;
    }

    private static void Edit(Random random, byte[] memory, ref PagingState paging)
    {
        switch (random.Next(8))
        {
            case 0:
                paging = RandomState(random);
                break;
            case < 4:
                int entry = random.Next(memory.Length / 8) * 8;
                BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(entry), RandomEntry(random));
                break;
            case 4:
                int page = random.Next((int)Pages) * 0x1000;
                FillRandomly(random, memory.AsSpan(page, 0x1000));
                break;
            default:
                break;
        }
    }
}
