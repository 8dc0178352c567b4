using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using CsCheck;
using Ember.Core.Machines;
using Ember.Core.Machines.ProtectedMode;
using Ember.Core.Memory;
using Ember.Core.Tests.Machines.Linux;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;
using Ember.Guests;

namespace Ember.Core.Tests.Machines.ProtectedMode;

public sealed unsafe class ProtectedModeBootTests
{
    private const ulong Size = 0x40_0000;
    private const string CommandLine = "answer=42";

    private static readonly (ulong Start, ulong Length, uint Type)[] _map =
    [
        (0, 0xA_0000, 1), (0xA_0000, 0x4_0000, 2), (0xE_0000, 0x1_0000, 3), (0xF_0000, 0x1_0000, 2), (0x10_0000, Size - 0x10_0000, 1),
    ];

    private static readonly (byte[] Content, string Text)[] _modules =
        [([1, 2, 3], "first"), (new byte[0x1000], ""), ([.. "last"u8], new string('x', 2047))];

    [Fact]
    public void PVH_start_information_says_where_everything_is()
    {
        using GuestBuffer guest = new(Size);
        byte[] kernel = PvhGuest.Build();
        Assert.Equal(KernelStatus.Good, Load(guest, BootProtocol.Pvh, kernel, _modules, out GuestEntry entry));
        Assert.Equal((OperatingMode.Bits32, 0x10_0000ul, 0ul), (entry.Mode, entry.Rip, entry.Rax));
        Assert.True(guest.Bytes(0x10_0000, kernel.Length - 0x1000).SequenceEqual(kernel.AsSpan(0x1000)));
        Span<byte> start = guest.Bytes(entry.Rbx, 56);
        Assert.Equal((0x336E_C578u, 1u, 0u), (U32(start, 0), U32(start, 4), U32(start, 8)));
        Assert.Equal(0xE_0000ul, U64(start, 32));
        Assert.Equal(CommandLine, Text(guest, U64(start, 24)));
        Assert.Equal(3u, U32(start, 12));
        for (int i = 0; i < 3; i++)
        {
            Span<byte> module = guest.Bytes(U64(start, 16) + (ulong)(i * 32), 32);
            Assert.Equal((ulong)_modules[i].Content.Length, U64(module, 8));
            Assert.True(guest.Bytes(U64(module, 0), _modules[i].Content.Length).SequenceEqual(_modules[i].Content));
            Assert.Equal(_modules[i].Text, Text(guest, U64(module, 16)));
            Assert.Equal(0ul, U64(module, 24));
        }

        List<(ulong Start, ulong Length, uint Type)> map = [];
        for (int i = 0; i < U32(start, 48); i++)
        {
            Span<byte> range = guest.Bytes(U64(start, 40) + (ulong)(i * 24), 24);
            map.Add((U64(range, 0), U64(range, 8), U32(range, 16)));
            Assert.Equal(0u, U32(range, 20));
        }

        Assert.Equal(_map, map);
    }

    [Fact]
    public void Multiboot_information_says_where_everything_is()
    {
        using GuestBuffer guest = new(Size);
        byte[] kernel = MultibootGuest.BuildFlat();
        Assert.Equal(KernelStatus.Good, Load(guest, BootProtocol.Multiboot, kernel, _modules, out GuestEntry entry));
        Assert.Equal((OperatingMode.Bits32, 0x10_0020ul, 0x2BAD_B002ul), (entry.Mode, entry.Rip, entry.Rax));
        Assert.True(guest.Bytes(0x10_0000, kernel.Length).SequenceEqual(kernel));
        Span<byte> information = guest.Bytes(entry.Rbx, 52);
        Assert.Equal((0x4Du, 640u, 3072u), (U32(information, 0), U32(information, 4), U32(information, 8)));
        Assert.Equal(CommandLine, Text(guest, U32(information, 16)));
        Assert.Equal(3u, U32(information, 20));
        for (int i = 0; i < 3; i++)
        {
            Span<byte> module = guest.Bytes(U32(information, 24) + (ulong)(i * 16), 16);
            Assert.Equal(0u, U32(module, 0) % 4096);
            Assert.True(guest.Bytes(U32(module, 0), (int)(U32(module, 4) - U32(module, 0))).SequenceEqual(_modules[i].Content));
            Assert.Equal(_modules[i].Text, Text(guest, U32(module, 8)));
        }

        List<(ulong Start, ulong Length, uint Type)> map = [];
        for (uint at = 0; at < U32(information, 44); at += 24)
        {
            Span<byte> range = guest.Bytes(U32(information, 48) + at, 24);
            Assert.Equal(20u, U32(range, 0));
            map.Add((U64(range, 4), U64(range, 12), U32(range, 20)));
        }

        Assert.Equal(_map, map);
    }

    [Fact]
    public void Segments_are_flat_and_in_the_descriptor_table()
    {
        using GuestBuffer guest = new(Size);
        Load(guest, BootProtocol.Pvh, PvhGuest.Build(), [], out GuestEntry entry);
        Assert.Equal((0x10, 0x18, 0x1F, 0ul), (entry.CodeSelector, entry.DataSelector, entry.GdtLimit, entry.Cr3));
        Span<byte> table = guest.Bytes(entry.GdtBase, 0x20);
        Assert.Equal(0x00CF_9B00_0000_FFFFul, U64(table, 0x10));
        Assert.Equal(0x00CF_9300_0000_FFFFul, U64(table, 0x18));
    }

    /// <summary>The most texts and modules stay below what belongs to the kernel, and do not touch each other.</summary>
    [Theory]
    [InlineData(BootProtocol.Pvh)]
    [InlineData(BootProtocol.Multiboot)]
    public void The_most_modules_with_the_longest_texts_have_room(BootProtocol protocol)
    {
        using GuestBuffer guest = new(Size);
        (byte[] Content, string Text)[] modules = new (byte[], string)[16];
        for (int i = 0; i < modules.Length; i++)
        {
            modules[i] = ([(byte)(i + 1)], new string((char)('a' + i), 2047));
        }

        byte[] kernel = protocol == BootProtocol.Pvh ? PvhGuest.Build() : MultibootGuest.BuildElf();
        Assert.Equal(KernelStatus.Good, Load(guest, protocol, kernel, modules, out GuestEntry entry));
        Span<byte> start = guest.Bytes(entry.Rbx, 56);
        for (int i = 0; i < modules.Length; i++)
        {
            ulong at = protocol == BootProtocol.Pvh ? U64(start, 16) + (ulong)(i * 32) : U32(start, 24) + (ulong)(i * 16);
            Span<byte> module = guest.Bytes(at, 32);
            Assert.Equal((byte)(i + 1), guest.Bytes(U32(module, 0), 1)[0]);
            Assert.Equal(modules[i].Text, Text(guest, U32(module, protocol == BootProtocol.Pvh ? 16 : 8)));
        }

        Assert.True(guest.IsZero(0, 0x2000));
        Assert.True(guest.IsZero(0x1_0000, 0x10_0000));
        Assert.Equal(0x00CF_9B00_0000_FFFFul, U64(guest.Bytes(entry.GdtBase, 0x20), 0x10));
    }

    [Fact]
    public void A_refused_kernel_or_module_leaves_memory_alone()
    {
        using GuestBuffer guest = new(Size);
        byte[] kernel = PvhGuest.Build();
        Refuse(guest, KernelStatus.NotMultiboot, BootProtocol.Multiboot, kernel, []);
        Refuse(guest, KernelStatus.NotPvh, BootProtocol.Pvh, MultibootGuest.BuildElf(), []);
        Refuse(guest, KernelStatus.VideoModeRequired, BootProtocol.Multiboot, MultibootGuest.BuildElf(4), []);
        Refuse(guest, KernelStatus.ModulesTooLarge, BootProtocol.Pvh, kernel, [([1], ""), (new byte[Size - 0x10_2000 + 1], "")]);
        kernel[64 + 43] = 1;
        Refuse(guest, KernelStatus.MemoryTooSmall, BootProtocol.Pvh, kernel, []);
    }

    /// <summary>The buffer's guard bytes behind the guest's memory see every write outside it.</summary>
    [Fact]
    public void No_file_makes_the_loader_write_outside_memory()
    {
        const ulong Small = 0x20_0000;
        using GuestBuffer all = new(Small + 0x1_0000);
        all.Memory.TryGetPointer(0, Small, out byte* origin);
        byte[][] kernels = [PvhGuest.Build(), MultibootGuest.BuildElf(), MultibootGuest.BuildFlat()];
        Gen<uint> word = Gen.OneOf(Gen.UInt[0, 0x2000], Gen.UInt[0x10_0000, 0x20_1000], Gen.UInt);
        int loaded = 0;
        Gen.Select(Gen.Int[0, 2], Gen.Select(Gen.Int[0, 50], word).Array[0, 3], Gen.Int[0, 0x10_0000]).Sample(
            (index, changes, length) =>
            {
                byte[] kernel = (byte[])kernels[index].Clone();
                foreach ((int at, uint value) in changes)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(at * 4), value);
                }

                byte[] module = new byte[length];
                module.AsSpan().Fill(0xEE);
                BootProtocol protocol = index == 0 ? BootProtocol.Pvh : BootProtocol.Multiboot;
                new Span<byte>(origin, (int)Small).Clear();
                KernelStatus status = Load(new GuestMemory(origin, Small), protocol, kernel, [(module, "m")], out _);
                Assert.True(all.IsZero(Small, Small + 0x1_0000));
                Assert.True(all.IsZero(0, 0x2000));
                if (status == KernelStatus.Good)
                {
                    loaded++;
                }
                else
                {
                    Assert.True(all.IsZero(0, Small));
                }
            },
            iter: 2_000,
            threads: 1);
        Assert.InRange(loaded, 200, 1_900);
    }

    private static void Refuse(
        GuestBuffer guest, KernelStatus expected, BootProtocol protocol, byte[] kernel, (byte[] Content, string Text)[] modules)
    {
        Assert.Equal(expected, Load(guest, protocol, kernel, modules, out GuestEntry entry));
        Assert.Equal(default, entry);
        Assert.True(guest.IsZero(0, Size));
    }

    private static KernelStatus Load(
        GuestBuffer guest, BootProtocol protocol, byte[] kernel, (byte[] Content, string Text)[] modules, out GuestEntry entry) =>
        Load(guest.Memory, protocol, kernel, modules, out entry);

    private static KernelStatus Load(
        GuestMemory memory, BootProtocol protocol, byte[] kernel, (byte[] Content, string Text)[] modules, out GuestEntry entry)
    {
        // Contents and texts in memory that stays where it is.
        List<byte[]> kept = [];
        BootModule[] described = new BootModule[modules.Length];
        for (int i = 0; i < modules.Length; i++)
        {
            byte[] pinned = GC.AllocateUninitializedArray<byte>(modules[i].Content.Length + modules[i].Text.Length + 1, pinned: true);
            modules[i].Content.CopyTo(pinned, 0);
            Encoding.ASCII.GetBytes(modules[i].Text, pinned.AsSpan(modules[i].Content.Length));
            fixed (byte* bytes = pinned)
            {
                described[i] = new BootModule
                {
                    Content = bytes,
                    Length = (ulong)modules[i].Content.Length,
                    Text = bytes + modules[i].Content.Length,
                    TextLength = modules[i].Text.Length,
                };
            }

            kept.Add(pinned);
        }

        ProtectedModeImages images = new()
        {
            Protocol = protocol,
            Kernel = kernel,
            Modules = described,
            CommandLine = Encoding.ASCII.GetBytes(CommandLine),
            Rsdp = 0xE_0000,
        };
        KernelStatus status = ProtectedModeBoot.TryLoad(memory, ref images, out entry);
        GC.KeepAlive(kept);
        return status;
    }

    private static string Text(GuestBuffer guest, ulong address)
    {
        Span<byte> bytes = guest.Bytes(address, 2048);
        return Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
