using System;
using System.Buffers.Binary;
using Ember.Core.Memory;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization;

public sealed unsafe class GuestPageWalkerTests
{
    private const ulong Cr0Paged = 0x8001_0001;
    private const ulong Cr0PagedNoWriteProtect = 0x8000_0001;
    private const ulong Cr4Pse = 1 << 4;
    private const ulong Cr4Pae = 1 << 5;
    private const ulong Cr4La57 = 1 << 12;
    private const ulong Cr4Smep = 1 << 20;
    private const ulong Cr4Smap = 1 << 21;
    private const ulong EferLong = 0x500;
    private const ulong EferLongNoExecute = 0xD00;

    [Fact]
    public void Without_paging_the_low_32_bits_are_the_address()
    {
        PagingState paging = new() { Cr0 = 1 };
        Assert.Equal((true, 0x9ABC_DEF0UL, 0U), Translate([], paging, 0x1234_5678_9ABC_DEF0, PageAccess.Write));
    }

    [Fact]
    public void Four_levels_reach_pages_of_4_KiB_2_MiB_and_1_GiB()
    {
        byte[] memory = new byte[0x5000];
        Put(memory, 0x1000 + (0x1FF * 8), 0x2007);
        Put(memory, 0x2000 + (1 * 8), 0x3007);
        Put(memory, 0x2000 + (2 * 8), 0x0000_0012_4000_0087);
        Put(memory, 0x3000 + (3 * 8), 0x4007);
        Put(memory, 0x3000 + (4 * 8), 0x0000_0000_0060_1087);
        Put(memory, 0x4000 + (5 * 8), 0x000F_FFFF_FFFF_F007);
        PagingState paging = new() { Cr0 = Cr0Paged, Cr3 = 0x1018, Cr4 = Cr4Pae, Efer = EferLong };
        Assert.Equal((true, 0x000F_FFFF_FFFF_F123UL, 0U), Translate(memory, paging, Linear(0x1FF, 1, 3, 5, 0x123), PageAccess.Read));
        Assert.Equal((true, 0x0060_5123UL, 0U), Translate(memory, paging, Linear(0x1FF, 1, 4, 5, 0x123), PageAccess.Read));
        Assert.Equal((true, 0x12_40A0_5123UL, 0U), Translate(memory, paging, Linear(0x1FF, 2, 5, 5, 0x123), PageAccess.Read));
        Assert.Equal((false, 0UL, 0U), Translate(memory, paging, Linear(0x1FF, 1, 3, 6, 0), PageAccess.Read));
        Assert.Equal((false, 0UL, 6U), Translate(memory, paging, Linear(0x1FF, 3, 0, 0, 0), PageAccess.Write | PageAccess.User));
        Assert.Equal(
            (false, 0UL, GuestPageWalker.NotCanonical),
            Translate(memory, paging, Linear(0x1FF, 1, 3, 5, 0) & 0x0000_FFFF_FFFF_FFFF, PageAccess.Read));
    }

    [Theory]
    [InlineData(0x7UL, PageAccess.Write | PageAccess.User, 0UL, 0UL, true, 0U)]
    [InlineData(0x5UL, PageAccess.Write | PageAccess.User, 0UL, 0UL, false, 7U)]
    [InlineData(0x3UL, PageAccess.User, 0UL, 0UL, false, 5U)]
    [InlineData(0x3UL, PageAccess.Write, 0UL, 0UL, true, 0U)]
    [InlineData(0x1UL, PageAccess.Write, 0UL, 0UL, false, 3U)]
    [InlineData(0x8000_0000_0000_0001UL, PageAccess.Read, 0UL, 0UL, true, 0U)]
    [InlineData(0x8000_0000_0000_0001UL, PageAccess.Fetch, 0UL, 0UL, false, 17U)]
    [InlineData(0x8000_0000_0000_0007UL, PageAccess.Fetch | PageAccess.User, 0UL, 0UL, false, 21U)]
    [InlineData(0x7UL, PageAccess.Fetch, Cr4Smep, 0UL, false, 17U)]
    [InlineData(0x3UL, PageAccess.Fetch, Cr4Smep, 0UL, true, 0U)]
    [InlineData(0x7UL, PageAccess.Read, Cr4Smap, 0UL, false, 1U)]
    [InlineData(0x7UL, PageAccess.Read, Cr4Smap, 1UL << 18, true, 0U)]
    [InlineData(0x7UL, PageAccess.User, Cr4Smap | Cr4Smep, 0UL, true, 0U)]
    public void Rights_of_the_last_level_are_kept(ulong flags, PageAccess access, ulong cr4, ulong rflags, bool allowed, uint error)
    {
        byte[] memory = new byte[0x5000];
        Put(memory, 0x1000, 0x2007);
        Put(memory, 0x2000, 0x3007);
        Put(memory, 0x3000, 0x4007);
        Put(memory, 0x4000, 0x9000 | flags);
        PagingState paging = new() { Cr0 = Cr0Paged, Cr3 = 0x1000, Cr4 = Cr4Pae | cr4, Efer = EferLongNoExecute, Rflags = rflags };
        Assert.Equal((allowed, allowed ? 0x9000UL : 0, error), Translate(memory, paging, 0, access));
    }

    [Fact]
    public void Supervisor_may_write_read_only_pages_without_write_protection()
    {
        byte[] memory = new byte[0x3000];
        Put(memory, 0x1000, 0x2001, 4);
        Put(memory, 0x2000, 0x7001, 4);
        PagingState paging = new() { Cr0 = Cr0PagedNoWriteProtect, Cr3 = 0x1000 };
        Assert.Equal((true, 0x7000UL, 0U), Translate(memory, paging, 0, PageAccess.Write));
        Assert.Equal((false, 0UL, 7U), Translate(memory, paging, 0, PageAccess.Write | PageAccess.User));
    }

    [Fact]
    public void Tables_outside_memory_read_as_ones_and_fault_as_reserved()
    {
        PagingState paging = new() { Cr0 = Cr0Paged, Cr3 = 0xFFFF_FFFF_F000, Cr4 = Cr4Pae, Efer = EferLongNoExecute };
        Assert.Equal((false, 0UL, 9U), Translate(new byte[0x1000], paging, 0, PageAccess.Read));
    }

    /// <summary>Random tables that point at each other, and at nothing, in every mode.</summary>
    [Fact]
    public void Random_tables_translate_as_the_model_says()
    {
        Random random = new(42);
        byte[] memory = new byte[0x6000];
        int translated = 0;
        int faults = 0;
        uint errors = 0;
        for (int i = 0; i < 400_000; i++)
        {
            if (i % 64 == 0)
            {
                Fill(random, memory);
            }

            PagingState paging = RandomState(random);
            ulong linear = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (16 * random.Next(3));
            linear = random.Next(4) == 0 ? linear : (ulong)((long)(linear << 16) >> 16);
            PageAccess access = (PageAccess)(random.Next(2) * 4)
                | (random.Next(3) switch { 0 => PageAccess.Read, 1 => PageAccess.Write, _ => PageAccess.Fetch });
            (bool Ok, ulong Physical, uint Error) expected = PagingModel.Translate(memory, paging, linear, access);
            Assert.Equal(expected, Translate(memory, paging, linear, access));
            translated += expected.Ok ? 1 : 0;
            faults += expected.Ok ? 0 : 1;
            errors |= expected.Ok || expected.Error == GuestPageWalker.NotCanonical ? 0 : 1U << (int)expected.Error;
        }

        Assert.True(translated > 40_000 && faults > 40_000, $"{translated} translated, {faults} faulted");
        Assert.True(uint.PopCount(errors) >= 18, $"error codes seen: {errors:X8}");
    }

    private static void Fill(Random random, byte[] memory)
    {
        for (int address = 0; address < memory.Length; address += 8)
        {
            ulong entry = ((ulong)random.Next(7) << 12) | 7;
            entry |= random.Next(4) == 0 ? 0x80UL : 0;
            entry &= random.Next(8) == 0 ? ~(1UL << random.Next(3)) : ulong.MaxValue;
            entry ^= random.Next(12) == 0 ? 1UL << random.Next(64) : 0;
            entry |= random.Next(8) == 0 ? 1UL << 63 : 0;
            entry = (entry & 0x80) != 0 && random.Next(3) != 0 ? entry & ~0x3FFF_F000UL : entry;
            // Half of the tables suit 4-byte entries too, and PAE's topmost level.
            entry = random.Next(2) == 0 ? (entry << 32) | (uint)entry : entry;
            entry = address % 0x1000 < 32 && random.Next(2) == 0 ? entry & ~0xFFF0_0000_0000_01E6UL : entry;
            BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(address), entry);
        }
    }

    private static PagingState RandomState(Random random)
    {
        PagingState paging = new()
        {
            Cr0 = random.Next(2) == 0 ? Cr0Paged : Cr0PagedNoWriteProtect,
            Cr3 = ((ulong)random.Next(6) << 12) | (uint)random.Next(0x20),
            Cr4 = random.Next(2) == 0 ? Cr4Smep : 0,
            Efer = random.Next(4) == 0 ? 0 : EferLongNoExecute & ~EferLong,
            Rflags = (ulong)random.Next(2) << 18,
        };
        paging.Cr4 |= random.Next(2) == 0 ? Cr4Smap : 0;
        switch (random.Next(6))
        {
            case 0:
                break;
            case 1:
                paging.Cr4 |= Cr4Pse;
                break;
            case 2:
                paging.Cr4 |= Cr4Pae;
                break;
            case 3:
                paging.Cr4 |= Cr4Pae | Cr4La57;
                paging.Efer |= EferLong;
                break;
            default:
                paging.Cr4 |= Cr4Pae;
                paging.Efer |= EferLong;
                break;
        }

        return paging;
    }

    private static ulong Linear(ulong level4, ulong level3, ulong level2, ulong level1, ulong offset)
    {
        ulong low = (level4 << 39) | (level3 << 30) | (level2 << 21) | (level1 << 12) | offset;
        return (ulong)((long)(low << 16) >> 16);
    }

    private static void Put(byte[] memory, int address, ulong entry, int size = 8)
    {
        for (int i = 0; i < size; i++)
        {
            memory[address + i] = (byte)(entry >> (8 * i));
        }
    }

    private static (bool Ok, ulong Physical, uint Error) Translate(
        byte[] memory, in PagingState paging, ulong linear, PageAccess access)
    {
        fixed (byte* origin = memory)
        {
            bool ok = GuestPageWalker.TryTranslate(
                new GuestMemory(origin, (ulong)memory.Length), paging, linear, access, out ulong physical, out uint error);
            return (ok, physical, error);
        }
    }
}
