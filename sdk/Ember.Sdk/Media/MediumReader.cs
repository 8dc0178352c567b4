using System;
using System.Globalization;
using System.Security.Cryptography;

namespace Ember.Sdk.Media;

/// <summary>Reads a medium back, holds it against the image, and tells in which way it differs.</summary>
/// <param name="image">What ought to be there.</param>
/// <param name="medium">What is there.</param>
internal sealed class MediumReader(MediumImage image, IKeyMedium medium)
{
    private IncrementalHash? _sha256;

    /// <summary>What to do about a medium that failed.</summary>
    public static string Advice(MediumState state) => state switch
    {
        MediumState.Untouched => "nothing was written; take another device",
        _ => "it does not boot now; write it again, or take another device",
    };

    /// <summary>Call it before the body is read from its first block to its last.</summary>
    public void BeginBody()
    {
        _sha256?.Dispose();
        _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _sha256.AppendData(image.First);
    }

    /// <summary>Reads the next block of the body.</summary>
    /// <param name="block">Its number.</param>
    /// <param name="buffer">Takes its bytes; of its length.</param>
    /// <returns>True if it is the image's.</returns>
    public bool HasBlock(int block, Span<byte> buffer)
    {
        (long offset, int length) = image.Place(block);
        medium.Read(offset, buffer);
        _sha256!.AppendData(buffer[..(int)Math.Min(length, image.ImageLength - offset)]);
        return image.IsBlock(block, buffer);
    }

    /// <summary>Reads the next block of the body, which has to be the image's.</summary>
    public void VerifyBlock(int block, Span<byte> buffer)
    {
        if (!HasBlock(block, buffer))
        {
            long offset = image.Place(block).Offset;
            throw image.FindBlock(buffer) is { } other && buffer.ContainsAnyExcept((byte)0)
                ? Wrapped(offset, image.Place(other).Offset)
                : Differs(offset, buffer);
        }
    }

    /// <summary>Reads any part, which has to have these bytes.</summary>
    public void Verify(long offset, ReadOnlySpan<byte> expected, Span<byte> buffer)
    {
        medium.Read(offset, buffer);
        if (!buffer.SequenceEqual(expected))
        {
            throw Differs(offset, buffer);
        }
    }

    /// <summary>Reads a mark.</summary>
    public void VerifyMark(long offset, Span<byte> buffer)
    {
        byte[] mark = new byte[buffer.Length];
        CapacityPattern.Fill(mark, offset);
        Verify(offset, mark, buffer);
    }

    /// <summary>Reads the first block after it was cleared.</summary>
    public void VerifyCleared(Span<byte> buffer)
    {
        medium.Read(0, buffer);
        if (!buffer.ContainsAnyExcept((byte)0))
        {
            return;
        }

        throw CapacityPattern.OffsetIn(buffer[..CapacityPattern.SectorSize]) is { } mark
            ? Wrapped(0, mark)
            : new MediumFaultException(
                MediumFault.Dropped, 0, $"{medium.Name}: takes no writes: its first block is what it was; take another device");
    }

    /// <summary>True if the first block and the end are the image's.</summary>
    public bool HasEdges()
    {
        byte[] first = new byte[image.First.Length];
        byte[] end = new byte[image.End.Length];
        medium.Read(0, first);
        medium.Read(image.EndOffset, end);
        return first.AsSpan().SequenceEqual(image.First) && end.AsSpan().SequenceEqual(image.End);
    }

    /// <summary>SHA-256 of the medium as long as the image, after first block, body and end were found to be right.</summary>
    public string Sha256()
    {
        _sha256!.AppendData(image.End.AsSpan(0, (int)Math.Clamp(image.ImageLength - image.EndOffset, 0, image.End.Length)));
        return Convert.ToHexStringLower(_sha256.GetHashAndReset());
    }

    private MediumFaultException Differs(long offset, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
        {
            return new MediumFaultException(MediumFault.Dropped, offset, string.Create(CultureInfo.InvariantCulture,
                $"{medium.Name}: byte {offset} was written and reads as zero: it is smaller than it says, or worn out; {Again}"));
        }

        return CapacityPattern.OffsetIn(bytes[..CapacityPattern.SectorSize]) is { } mark && mark != offset
            ? Wrapped(offset, mark)
            : new MediumFaultException(MediumFault.Damaged, offset, string.Create(CultureInfo.InvariantCulture,
                $"{medium.Name}: what was written at byte {offset} reads back otherwise: it is smaller than it says, or worn out; "
                + $"{Again}"));
    }

    private MediumFaultException Wrapped(long offset, long other) => new(
        MediumFault.Wrapped, offset, string.Create(CultureInfo.InvariantCulture,
            $"{medium.Name}: what was written at byte {other} is found at {offset}: it is smaller than it says; {Again}"));

    private static string Again => Advice(MediumState.Cleared);
}
