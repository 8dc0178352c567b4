using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Ember.Fuzz.Tests.Models;

/// <summary>An update bundle as sdk/docs/flash-format.md describes it, read without the reader's code.</summary>
/// <param name="VolumeLength">Bytes of the volume.</param>
/// <param name="Runs">What lies in it.</param>
/// <param name="Data">Where the runs' bytes begin.</param>
internal sealed record BundleModel(ulong VolumeLength, IReadOnlyList<BundleModel.Run> Runs, int Data)
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 128;

    private const int RunSize = 24;
    private const int Sector = 512;

    /// <summary>Where the table of runs begins, if the lengths before it are right.</summary>
    public static long RunsOffset(ReadOnlySpan<byte> bytes) => HeaderSize + (long)Text.Number(bytes, 12) + Text.Number(bytes, 48);

    /// <summary>Reads a whole bundle; null when it is none.</summary>
    public static BundleModel? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith("EMBRBNDL"u8) || Text.Number(bytes, 8) != 2
            || Text.Number(bytes, 12) > 256 + (80 * 128) || Text.Number(bytes, 48) > 56 + 512 || Text.Number(bytes, 52) is 0 or > 1024
            || Text.Long(bytes, 56) is 0 or > long.MaxValue || Text.Long(bytes, 56) % Sector != 0
            || Text.Long(bytes, 64) != (ulong)bytes.Length || !Text.AreZero(bytes[104..HeaderSize]))
        {
            return null;
        }

        long data = RunsOffset(bytes) + (Text.Number(bytes, 52) * RunSize);
        if (data > bytes.Length)
        {
            return null;
        }

        Int128 volume = Text.Long(bytes, 56);
        bool isDelta = !Text.AreZero(bytes[72..104]);
        Int128 end = 0;
        Int128 inBundle = 0;
        List<Run> runs = [];
        for (int at = (int)RunsOffset(bytes); at < data; at += RunSize)
        {
            Run run = new(Text.Long(bytes, at), Text.Long(bytes, at + 8), Text.Long(bytes, at + 16));
            if (run.Offset < end || run.Length == 0 || run.Offset % Sector != 0 || run.Length % Sector != 0
                || (Int128)run.Offset + run.Length > volume
                || (!run.IsInBundle && (!isDelta || run.Base % Sector != 0 || (Int128)run.Base + run.Length > volume)))
            {
                return null;
            }

            end = (Int128)run.Offset + run.Length;
            inBundle += run.IsInBundle ? run.Length : 0;
            runs.Add(run);
        }

        return runs[0].Offset == 0 && runs[0].IsInBundle && data + inBundle == bytes.Length
            ? new BundleModel((ulong)volume, runs, (int)data)
            : null;
    }

    /// <summary>The volume that installing makes of one.</summary>
    /// <param name="bytes">The bundle.</param>
    /// <param name="old">What lies in the bank that is written.</param>
    /// <param name="other">What lies in the other bank.</param>
    public byte[] Apply(ReadOnlySpan<byte> bytes, byte[] old, byte[] other)
    {
        byte[] volume = [.. old];
        int data = Data;
        foreach (Run run in Runs)
        {
            ReadOnlySpan<byte> source = run.IsInBundle ? bytes[data..] : other.AsSpan((int)run.Base);
            source[..(int)run.Length].CopyTo(volume.AsSpan((int)run.Offset));
            data += run.IsInBundle ? (int)run.Length : 0;
        }

        return volume;
    }

    /// <summary>The digest that a bundle must have: of the head from the signature's length on, and of all runs.</summary>
    public byte[] DigestOf(ReadOnlySpan<byte> bytes, byte[] other)
    {
        byte[] volume = Apply(bytes, new byte[VolumeLength], other);
        return SHA256.HashData(
            [.. bytes[48..Data], .. Runs.SelectMany(run => volume[(int)run.Offset..(int)(run.Offset + run.Length)])]);
    }

    /// <summary>Sectors that follow each other.</summary>
    /// <param name="Offset">Where in the volume.</param>
    /// <param name="Length">Bytes.</param>
    /// <param name="Base">Where they come from in the other bank; all ones when they are in the bundle.</param>
    internal readonly record struct Run(ulong Offset, ulong Length, ulong Base)
    {
        /// <summary>Whether the bundle holds them.</summary>
        public bool IsInBundle => Base == ulong.MaxValue;
    }
}
