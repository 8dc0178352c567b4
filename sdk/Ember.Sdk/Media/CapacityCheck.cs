using System;
using System.Globalization;
using System.Threading;

namespace Ember.Sdk.Media;

/// <summary>
/// Finds out whether a medium is as large as it says: fills it with marks that say where they were written, then reads every one. What a
/// medium gives back of a sample proves little, for one that repeats itself can be right at any few places.
/// </summary>
/// <param name="medium">Everything on it is lost.</param>
/// <param name="length">Its length in whole sectors.</param>
/// <param name="progress">Is told how far it has come.</param>
internal sealed class CapacityCheck(IKeyMedium medium, long length, Action<MediumProgress>? progress)
{
    private readonly byte[] _buffer = new byte[MediumImage.BlockLength];

    /// <summary>Measures it.</summary>
    /// <exception cref="MediumFaultException">It is smaller than it says, or does not keep what is written.</exception>
    public void Run(CancellationToken cancellation)
    {
        ForEachPiece(MediumPhase.Marking, (offset, piece) =>
        {
            CapacityPattern.Fill(piece, offset);
            medium.Write(offset, piece);
        }, cancellation);
        medium.Flush();
        ForEachPiece(MediumPhase.Measuring, (offset, piece) =>
        {
            medium.Read(offset, piece);
            Check(offset, piece);
        }, cancellation);
    }

    private void ForEachPiece(MediumPhase phase, PieceTaker take, CancellationToken cancellation)
    {
        for (long offset = 0; offset < length; offset += _buffer.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            Span<byte> piece = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length - offset));
            take(offset, piece);
            progress?.Invoke(new MediumProgress(phase, offset + piece.Length, length));
        }
    }

    private void Check(long offset, ReadOnlySpan<byte> piece)
    {
        for (int start = 0; start < piece.Length; start += CapacityPattern.SectorSize)
        {
            ReadOnlySpan<byte> sector = piece.Slice(start, CapacityPattern.SectorSize);
            long expected = offset + start;
            long? found = CapacityPattern.OffsetIn(sector);
            if (found != expected)
            {
                throw Fault(expected, found, sector.ContainsAnyExcept((byte)0));
            }
        }
    }

    private MediumFaultException Fault(long offset, long? found, bool hasContent)
    {
        // What is at a sector of one that repeats itself is the last of all that were written there.
        (MediumFault fault, string what) = found is { } other
            ? (MediumFault.Wrapped, string.Create(CultureInfo.InvariantCulture, $"has what was written at byte {other}"))
            : hasContent ? (MediumFault.Damaged, "reads back otherwise than it was written") : (MediumFault.Dropped, "reads as zero");
        return new MediumFaultException(fault, offset, string.Create(CultureInfo.InvariantCulture,
            $"{medium.Name}: byte {offset} of {length} {what}: it is smaller than it says, or worn out; "
            + $"{MediumReader.Advice(MediumState.Cleared)}"));
    }

    private delegate void PieceTaker(long offset, Span<byte> piece);
}
