using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;
using Ember.Formats.Fields;
using Ember.Formats.Signatures;

namespace Ember.Formats.Bundles;

/// <summary>The head of an update bundle, all but the runs' bytes, read where it lies. What it says is checked for sense; whether manifest
/// and signature are right is looked at by who reads those.</summary>
public readonly unsafe ref struct Bundle
{
    /// <summary>Bytes of the longest head.</summary>
    public const int MaximumHeadLength = BundleHeader.Size + BankManifestHeader.MaximumLength + BankSignature.MaximumSize
        + (BundleHeader.MaximumRunCount * BundleRun.Size);

    private readonly ReadOnlySpan<byte> _head;

    private Bundle(ReadOnlySpan<byte> head) => _head = head;

    /// <summary>The header.</summary>
    public ref readonly BundleHeader Header => ref At<BundleHeader>(0);

    /// <summary>The manifest of the bank.</summary>
    public ReadOnlySpan<byte> Manifest => _head.Slice(BundleHeader.Size, (int)Header.ManifestLength);

    /// <summary>The signature of the manifest.</summary>
    public ReadOnlySpan<byte> Signature =>
        _head.Slice(BundleHeader.Size + (int)Header.ManifestLength, (int)Header.SignatureLength);

    /// <summary>Entries of the table of runs.</summary>
    public int RunCount => (int)Header.RunCount;

    /// <summary>Whether it can only be applied where there is a bank with the manifest <see cref="BundleHeader.Base"/>.</summary>
    public bool NeedsBase => !FieldText.IsZero(Header.Base);

    /// <summary>Bytes of all runs.</summary>
    public ulong ContentLength
    {
        get
        {
            ulong length = 0;
            for (int i = 0; i < RunCount; i++)
            {
                length += Run(i).Length;
            }

            return length;
        }
    }

    /// <summary>The part of the head that <see cref="BundleHeader.Content"/> is computed of.</summary>
    public ReadOnlySpan<byte> Checked => _head.Slice(BundleHeader.CheckedOffset, DataOffset - BundleHeader.CheckedOffset);

    /// <summary>Where the bytes of the first run that the bundle has lie in it; the others' follow.</summary>
    public int DataOffset => RunsOffset + (RunCount * BundleRun.Size);

    private int RunsOffset => BundleHeader.Size + (int)Header.ManifestLength + (int)Header.SignatureLength;

    /// <summary>Reads a head.</summary>
    /// <param name="bytes">The first bytes of the bundle, <see cref="MaximumHeadLength"/> of them or all there are, from anywhere: nothing
    /// in them is believed.</param>
    /// <param name="length">Bytes of the whole bundle.</param>
    /// <param name="bundle">The head, over <paramref name="bytes"/>, when the status is <see cref="BundleStatus.Good"/>; otherwise empty and
    /// not to be used.</param>
    public static BundleStatus TryRead(ReadOnlySpan<byte> bytes, ulong length, out Bundle bundle)
    {
        Bundle candidate = new(bytes);
        BundleStatus status = candidate.Check(length);
        bundle = status == BundleStatus.Good ? candidate : default;
        return status;
    }

    /// <summary>Bytes of the whole bundle as its head has it; 0 when not even that is there.</summary>
    /// <param name="bytes">The first bytes of the bundle, from anywhere.</param>
    public static ulong StatedLength(ReadOnlySpan<byte> bytes) =>
        bytes.Length < BundleHeader.Size ? 0 : new Bundle(bytes).Header.TotalLength;

    /// <summary>An entry of the table of runs.</summary>
    /// <param name="index">0 to <see cref="RunCount"/> - 1.</param>
    public BundleRun Run(int index) => At<BundleRun>(RunsOffset + (index * BundleRun.Size));

    private BundleStatus Check(ulong length)
    {
        if (_head.Length < BundleHeader.Size)
        {
            return BundleStatus.TooShort;
        }

        ref readonly BundleHeader header = ref Header;
        if (header.Magic != BundleHeader.MagicValue)
        {
            return BundleStatus.MagicDiffers;
        }

        if (header.Version != BundleHeader.CurrentVersion)
        {
            return BundleStatus.VersionUnknown;
        }

        if (header.ManifestLength > BankManifestHeader.MaximumLength || header.SignatureLength > BankSignature.MaximumSize
            || header.RunCount is 0 or > BundleHeader.MaximumRunCount || header.TotalLength != length
            || header.VolumeLength is 0 or > long.MaxValue || header.VolumeLength % BundleHeader.SectorSize != 0)
        {
            return BundleStatus.LengthInvalid;
        }

        if (!FieldText.IsZero(_head.Slice(BundleHeader.ReservedOffset, BundleHeader.Size - BundleHeader.ReservedOffset)))
        {
            return BundleStatus.ReservedSet;
        }

        return _head.Length < DataOffset ? BundleStatus.TooShort : CheckRuns(length);
    }

    private BundleStatus CheckRuns(ulong length)
    {
        ulong end = 0;
        ulong data = (ulong)DataOffset;
        for (int i = 0; i < RunCount; i++)
        {
            BundleRun run = Run(i);
            bool isInBundle = run.Base == BundleRun.InBundle;
            if ((i == 0 ? run.Offset != 0 || !isInBundle : run.Offset < end) || !IsInside(run.Offset, run.Length)
                || (!isInBundle && !(NeedsBase && IsInside(run.Base, run.Length))))
            {
                return BundleStatus.RunsInvalid;
            }

            end = run.Offset + run.Length;
            data += isInBundle ? run.Length : 0;
        }

        return data == length ? BundleStatus.Good : BundleStatus.LengthInvalid;
    }

    /// <summary>Whether whole sectors, one at least, lie inside the volume. A base's volume is as long.</summary>
    private bool IsInside(ulong offset, ulong length) =>
        length != 0 && offset % BundleHeader.SectorSize == 0 && length % BundleHeader.SectorSize == 0
        && offset <= Header.VolumeLength && length <= Header.VolumeLength - offset;

    private ref readonly T At<T>(int offset)
        where T : unmanaged =>
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(_head.Slice(offset, sizeof(T))));
}
