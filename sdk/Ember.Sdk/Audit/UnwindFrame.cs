using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>What an image's unwind information says a function's prologue does (Microsoft, x64 exception handling, version 1).</summary>
/// <param name="Steps">By address: offset behind the instruction, bytes on the stack then, and the register pushed, or none.</param>
internal sealed record UnwindFrame(IReadOnlyList<(uint Offset, int Depth, Register Pushed)> Steps)
{
    private const int HeaderBytes = 4;
    private const int ChainedFlag = 4;
    private const int PushNonvolatile = 0;
    private const int AllocateLarge = 1;
    private const int AllocateSmall = 2;
    private const int SaveNonvolatile = 4;
    private const int SaveNonvolatileFar = 5;

    /// <summary>Reads the description at <paramref name="rva"/>, or null when it is none of the kind that fixed frames have.</summary>
    public static UnwindFrame? Read(PeImage image, uint rva)
    {
        ReadOnlySpan<byte> header = image.At(rva, HeaderBytes);
        if (header.IsEmpty || (header[0] & 7) != 1 || ((header[0] >> 3) & ChainedFlag) != 0 || (header[3] & 15) != 0)
        {
            return null;
        }

        ReadOnlySpan<byte> codes = header[2] == 0 ? [] : image.At(rva + HeaderBytes, header[2] * 2u);
        if (codes.Length != header[2] * 2)
        {
            return null;
        }

        List<(uint Offset, int Bytes, Register Pushed)> steps = [];
        while (!codes.IsEmpty)
        {
            int info = codes[1] >> 4;
            (int slots, int bytes) = (codes[1] & 15) switch
            {
                PushNonvolatile => (1, sizeof(ulong)),
                AllocateSmall => (1, (info * 8) + 8),
                AllocateLarge when info == 0 && codes.Length >= 4 => (2, BitConverter.ToUInt16(codes[2..]) * 8),
                AllocateLarge when info == 1 && codes.Length >= 6 => (3, BitConverter.ToInt32(codes[2..])),
                SaveNonvolatile => (2, 0),
                SaveNonvolatileFar => (3, 0),
                _ => (0, 0),
            };
            if (slots == 0 || codes.Length < slots * 2 || bytes < 0)
            {
                return null;
            }

            if (bytes != 0)
            {
                steps.Add((codes[0], bytes, (codes[1] & 15) == PushNonvolatile ? Register.RAX + info : Register.None));
            }

            codes = codes[(slots * 2)..];
        }

        return new UnwindFrame([.. Sums(steps)]);
    }

    /// <summary>The last step comes first.</summary>
    private static IEnumerable<(uint Offset, int Depth, Register Pushed)> Sums(List<(uint Offset, int Bytes, Register Pushed)> steps)
    {
        long depth = 0;
        foreach ((uint offset, int bytes, Register pushed) in steps.AsEnumerable().Reverse())
        {
            depth = Math.Min(depth + bytes, int.MaxValue);
            yield return (offset, (int)depth, pushed);
        }
    }
}
