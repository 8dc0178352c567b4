using System;
using System.Collections.Generic;
using Ember.Formats.Kernels;
using Ember.Formats.Tests.Kernels;
using Ember.Fuzz.Tests.Engine;
using Ember.Guests;

namespace Ember.Fuzz.Tests.Targets;

/// <summary>The kernels that loader and core take by PVH and Multiboot; see <see cref="AcceptedKernel"/>.</summary>
internal sealed class KernelTarget : FuzzTarget
{
    private static readonly byte[] _code = [0xF4, 0xEB, 0xFD, 0x90];

    /// <inheritdoc/>
    public override string Name => "kernel";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Compact(new GuestElf { Content = _code, Address = 0x10_0000, Entry = 0x10_0000, Is64 = true, HasPvhNote = true }),
        Compact(new GuestElf { Content = _code, Address = 0x10_0000, Entry = 0x10_0000, HasPvhNote = true }),
        Compact(new GuestElf { Content = [.. Multiboot(3), .. _code], Address = 0x10_0000, Entry = 0x10_0020 }),
        [.. Multiboot(0x1_0003), .. _code],
    ];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        bool is64 = input.Length > 4 && input[4] == 2;
        yield return new StructurePlace(is64 ? typeof(ElfHeader64) : typeof(ElfHeader32), 0);
        for (int i = 0; i < 3; i++)
        {
            yield return is64
                ? new StructurePlace(typeof(ElfProgramHeader64), 64 + (i * 56))
                : new StructurePlace(typeof(ElfProgramHeader32), 52 + (i * 32));
        }

        int header = input.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0xB0, 0xAD, 0x1B]);
        if (header >= 0)
        {
            yield return new StructurePlace(typeof(MultibootHeader), header);
        }
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        AcceptedKernel.Check(memory.Place(input));
        int header = input.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x02, 0xB0, 0xAD, 0x1B]);
        if (header >= 0 && header + 12 <= input.Length)
        {
            uint sum = BitConverter.ToUInt32(input, header) + BitConverter.ToUInt32(input, header + 4);
            AcceptedKernel.Check(memory.Place(Mutator.Set(input, header + 8, BitConverter.GetBytes(0 - sum))));
        }
    }

    /// <summary>The file without the room between its headers and its content.</summary>
    private static byte[] Compact(GuestElf elf)
    {
        byte[] file = elf.Build();
        int content = elf.NoteOffset + 20;
        int offset = elf.HeaderLength + (elf.Is64 ? 8 : 4);
        BitConverter.TryWriteBytes(file.AsSpan(offset), content);
        return [.. file.AsSpan(0, content), .. elf.Content];
    }

    private static byte[] Multiboot(uint flags)
    {
        const uint magic = 0x1BAD_B002;
        uint[] words = [magic, flags, unchecked(0 - magic - flags), 0x10_0000, 0x10_0000, 0, 0, 0x10_0020];
        byte[] bytes = new byte[words.Length * sizeof(uint)];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        return bytes;
    }
}
