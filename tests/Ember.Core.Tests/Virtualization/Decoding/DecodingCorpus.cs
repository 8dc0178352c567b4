using System;
using System.Collections.Generic;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Decoding;

/// <summary>Every opcode of the four maps with every ModRM byte (of the long maps, every fifteenth), behind many prefixes.</summary>
internal static class DecodingCorpus
{
    /// <summary>Prefixes alone and in pairs, repeated, in odd orders and in numbers that make instructions too long.</summary>
    public static IEnumerable<byte[]> Prefixes(OperatingMode mode)
    {
        byte[] legacy = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3];
        yield return [];
        foreach (byte first in legacy)
        {
            yield return [first];
        }

        yield return [0x66, 0x67];
        yield return [0x67, 0x66, 0x65];
        yield return [0xF0, 0x66, 0x2E];
        yield return [0xF2, 0xF3];
        yield return [0xF3, 0xF2];
        yield return [0xF0, 0xF2];
        yield return [0x64, 0x26];
        yield return [0x26, 0x64];
        yield return [0x65, 0x64, 0x3E];
        yield return [0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66];
        yield return [0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E, 0x2E];
        if (mode == OperatingMode.Bits64)
        {
            for (byte rex = 0x40; rex < 0x50; rex++)
            {
                yield return [rex];
            }

            yield return [0x66, 0x48];
            yield return [0x48, 0x66];
            yield return [0x67, 0x4F];
            yield return [0xF0, 0x44];
            yield return [0xF3, 0x41];
            yield return [0x4F, 0x40];
            yield return [0x66, 0x67, 0xF3, 0x4C];
        }
    }

    public static IEnumerable<byte[]> Opcodes()
    {
        for (int opcode = 0; opcode < 256; opcode++)
        {
            yield return [(byte)opcode];
            yield return [0x0F, (byte)opcode];
            yield return [0x0F, 0x38, (byte)opcode];
            yield return [0x0F, 0x3A, (byte)opcode];
        }
    }

    /// <summary>Calls back with every instruction, filled to 20 bytes with changing numbers.</summary>
    public static long ForEach(OperatingMode mode, Action<byte[]> visit)
    {
        Random random = new(20_261_123);
        byte[] bytes = new byte[20];
        long count = 0;
        foreach (byte[] prefix in Prefixes(mode))
        {
            foreach (byte[] opcode in Opcodes())
            {
                // Of the long maps nothing is claimed; the byte behind the opcode matters little.
                int step = opcode.Length == 3 ? 15 : 1;
                for (int modRm = 0; modRm < 256; modRm += step)
                {
                    random.NextBytes(bytes);
                    prefix.CopyTo(bytes, 0);
                    int end = prefix.Length + opcode.Length;
                    opcode.CopyTo(bytes, prefix.Length);
                    bytes[end] = (byte)modRm;
                    visit(bytes);
                    count++;
                    if ((modRm & 7) != 4 || opcode.Length > 1)
                    {
                        continue;
                    }

                    // A SIB byte may follow: those with and without a base and an index.
                    foreach (byte sib in (ReadOnlySpan<byte>)[0x00, 0x25, 0x65, 0x2D, 0xAD, 0xE4, 0x1C, 0xF5])
                    {
                        bytes[end + 1] = sib;
                        visit(bytes);
                        count++;
                    }
                }
            }
        }

        return count;
    }
}
