using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Ember.Fuzz.Tests.Models;

/// <summary>A plan as sdk/docs/flash-format.md describes it, read without the reader's code.</summary>
internal static class PlanModel
{
    private const int HeaderSize = 256;
    private const int PayloadSize = 128;
    private const int MachineSize = 128;
    private const int ModuleSize = 16;

    /// <summary>Whether bytes are a plan.</summary>
    public static bool IsPlan(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < HeaderSize or > 256 * 1024 || !bytes.StartsWith("EMBRPLAN"u8) || Text.Number(bytes, 8) != 4
            || Text.Number(bytes, 12) != bytes.Length || !bytes[16..48].SequenceEqual(SHA256.HashData(bytes[48..])))
        {
            return false;
        }

        uint payloads = Text.Number(bytes, 48);
        uint machines = Text.Number(bytes, 56);
        ulong modules = Text.Number(bytes, 128);
        if (payloads > 64 || machines > 64 || modules > machines * 16)
        {
            return false;
        }

        ulong machineTable = HeaderSize + (payloads * PayloadSize);
        ulong moduleTable = machineTable + (machines * MachineSize);
        ulong text = moduleTable + (modules * ModuleSize);
        if (Text.Number(bytes, 52) != HeaderSize || Text.Number(bytes, 60) != machineTable || Text.Number(bytes, 132) != moduleTable
            || Text.Number(bytes, 64) != text || text + Text.Number(bytes, 68) != (ulong)bytes.Length
            || !Text.AreZero(bytes[200..HeaderSize]) || Text.Number(bytes, 72) > 1 || Text.Number(bytes, 76) > 4
            || Text.Of(bytes[80..112]) is null || Text.Of(bytes[112..128]) is null
            || (!Text.AreZero(bytes[136..200]) && Text.Of(bytes[136..200]) is null))
        {
            return false;
        }

        ReadOnlySpan<byte> lines = bytes[(int)text..];
        return ArePayloads(bytes[HeaderSize..(int)machineTable])
            && AreMachines(bytes[(int)machineTable..(int)moduleTable], payloads, modules, lines)
            && AreModules(bytes[(int)moduleTable..(int)text], payloads, lines);
    }

    private static bool ArePayloads(ReadOnlySpan<byte> table)
    {
        for (; !table.IsEmpty; table = table[PayloadSize..])
        {
            if (Text.FileNameOf(table[..48]) is null || Text.Long(table, 48) is 0 or > uint.MaxValue
                || !Text.AreZero(table[96..PayloadSize]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreMachines(ReadOnlySpan<byte> table, uint payloads, ulong modules, ReadOnlySpan<byte> lines)
    {
        List<string> names = [];
        for (; !table.IsEmpty; table = table[MachineSize..])
        {
            ulong memory = Text.Long(table, 32);
            uint protocol = Text.Number(table, 44);
            if (Text.MachineNameOf(table[..32]) is not { } name || memory is < 16 << 20 or > 3UL << 30 || memory % (2 << 20) != 0
                || Text.Number(table, 40) is 0 or > 16 || protocol is 0 or > 3 || Text.Number(table, 48) >= payloads
                || Text.Number(table, 52) > (protocol == 1 ? 1 : 16)
                || (ulong)Text.Number(table, 64) + Text.Number(table, 52) > modules || !IsLine(lines, table[56..])
                || Text.Number(table, 68) > 2 || Text.Number(table, 80) is 0 or > 10_000 || Text.Number(table, 84) > 1600
                || Text.Number(table, 88) > 1 || !Text.AreZero(table[92..MachineSize]))
            {
                return false;
            }

            names.Add(name);
        }

        return names.Distinct().Count() == names.Count;
    }

    private static bool AreModules(ReadOnlySpan<byte> table, uint payloads, ReadOnlySpan<byte> lines)
    {
        for (; !table.IsEmpty; table = table[ModuleSize..])
        {
            if (Text.Number(table, 0) >= payloads || !IsLine(lines, table[4..]) || !Text.AreZero(table[12..ModuleSize]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an offset and a length are of printable text that is not too long.</summary>
    private static bool IsLine(ReadOnlySpan<byte> lines, ReadOnlySpan<byte> range)
    {
        ulong start = Text.Number(range, 0);
        ulong length = Text.Number(range, 4);
        return length <= 2047 && start + length <= (ulong)lines.Length
            && !lines.Slice((int)start, (int)length).ContainsAnyExceptInRange((byte)' ', (byte)'~');
    }
}
