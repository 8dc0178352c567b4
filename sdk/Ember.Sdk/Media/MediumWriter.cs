using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Ember.Sdk.Media;

/// <summary>
/// Writes an image so that the medium boots whole or not at all. The first block, without which nothing boots, is cleared before anything
/// else is written, and so is the backup of the partition table; it is written last, after everything else was read back. Whatever stops
/// it between, the medium has no first block.
/// </summary>
/// <param name="image">The image, read and checked.</param>
/// <param name="medium">Where it goes; of the length that the image was read for.</param>
/// <param name="options">How.</param>
public sealed class MediumWriter(MediumImage image, IKeyMedium medium, WriteOptions options)
{
    private const int MarkLength = 4096;

    private readonly byte[] _buffer = new byte[MediumImage.BlockLength];
    private readonly MediumReader _reader = new(image, medium);
    private long _written;
    private long _skipped;

    /// <summary>What the medium is worth at the moment, however it came to that.</summary>
    public MediumState State { get; private set; } = MediumState.Untouched;

    /// <summary>Writes the image and reads it back.</summary>
    /// <param name="cancellation">Stops it between two writes, except the last two.</param>
    /// <exception cref="MediumFaultException">The medium does not keep what is written to it.</exception>
    /// <exception cref="EmberException">The medium fails, or the image has changed.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; <see cref="State"/> says where.</exception>
    public WriteReport Write(CancellationToken cancellation = default)
    {
        try
        {
            return WriteAll(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool isFull = e.HResult == NativeFile.NoSpace;
            throw new EmberException(
                isFull ? ErrorKind.Host : ErrorKind.Checked,
                $"{medium.Name}: {(isFull ? "ends early or has no room" : "fails")}: {e.Message.TrimEnd('.')}; {Advice}", e);
        }
    }

    private bool IsKnownZero => medium.IsZero && !options.CheckCapacity;

    private string Advice => MediumReader.Advice(State);

    private WriteReport WriteAll(CancellationToken cancellation)
    {
        // After a medium was measured, all of it differs.
        HashSet<int>? changed = options is { ChangedOnly: true, CheckCapacity: false } ? FindChanged(cancellation) : null;
        if (changed is not { Count: 0 } || !_reader.HasEdges())
        {
            WriteParts(changed, cancellation);
        }

        return new WriteReport
        {
            ImageLength = image.ImageLength,
            MediumLength = image.MediumLength,
            BytesWritten = _written,
            BytesSkipped = _skipped,
            IsTableMoved = image.IsTableMoved,
            ImageSha256 = image.Sha256,
            MediumSha256 = _reader.Sha256(),
        };
    }

    private void WriteParts(HashSet<int>? changed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        State = MediumState.Cleared;
        long[] marks = [];
        if (!IsKnownZero)
        {
            marks = [.. MarkOffsets()];
            Clear(marks);
        }

        if (options.CheckCapacity)
        {
            new CapacityCheck(medium, image.MediumLength, options.Progress).Run(cancellation);
        }

        WriteBody(changed, cancellation);
        medium.Flush();
        VerifyBody(cancellation);
        foreach (long mark in marks)
        {
            _reader.VerifyMark(mark, _buffer.AsSpan(0, LengthOfMark(mark)));
        }

        WritePart(image.EndOffset, image.End);
        cancellation.ThrowIfCancellationRequested();
        WriteFirst();
        State = MediumState.Complete;
    }

    private void Clear(long[] marks)
    {
        Span<byte> buffer = _buffer;
        buffer.Clear();
        medium.Write(0, buffer);
        medium.Flush();
        // Worn flash takes no writes any more and does not say so.
        _reader.VerifyCleared(buffer);
        foreach (long mark in marks)
        {
            Span<byte> bytes = buffer[..LengthOfMark(mark)];
            CapacityPattern.Fill(bytes, mark);
            medium.Write(mark, bytes);
        }

        medium.Flush();
        // A mark that is found in the first block has come around the end of a medium that is smaller than it says.
        _reader.VerifyCleared(buffer);
    }

    private void WriteBody(HashSet<int>? changed, CancellationToken cancellation)
    {
        image.ReadBlocks(
            block => changed is null || changed.Contains(block),
            (block, bytes) =>
            {
                cancellation.ThrowIfCancellationRequested();
                (long offset, _) = image.Place(block);
                if (IsKnownZero && !bytes.ContainsAnyExcept((byte)0))
                {
                    _skipped += bytes.Length;
                }
                else
                {
                    medium.Write(offset, bytes);
                    _written += bytes.Length;
                }

                Report(MediumPhase.Writing, offset + bytes.Length);
            });
    }

    private void VerifyBody(CancellationToken cancellation)
    {
        _reader.BeginBody();
        for (int block = 0; block < image.BlockCount; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            (long offset, int length) = image.Place(block);
            _reader.VerifyBlock(block, _buffer.AsSpan(0, length));
            Report(MediumPhase.Verifying, offset + length);
        }
    }

    private HashSet<int> FindChanged(CancellationToken cancellation)
    {
        HashSet<int> changed = [];
        _reader.BeginBody();
        for (int block = 0; block < image.BlockCount; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            (long offset, int length) = image.Place(block);
            if (_reader.HasBlock(block, _buffer.AsSpan(0, length)))
            {
                _skipped += length;
            }
            else
            {
                changed.Add(block);
            }

            Report(MediumPhase.Comparing, offset + length);
        }

        return changed;
    }

    private void WritePart(long offset, ReadOnlySpan<byte> bytes)
    {
        medium.Write(offset, bytes);
        medium.Flush();
        _reader.Verify(offset, bytes, _buffer.AsSpan(0, bytes.Length));
        _written += bytes.Length;
    }

    // From here on it is finished rather than stopped: it takes no time, and everything else is in its place.
    private void WriteFirst()
    {
        try
        {
            WritePart(0, image.First);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MediumFaultException)
        {
            Retract();
            throw;
        }
    }

    private void Retract()
    {
        try
        {
            medium.Write(0, new byte[MediumImage.BlockLength]);
            medium.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is told, and everything behind the first block is whole.
        }
    }

    // Behind the image at every power of two, where what repeats itself shows at its start, and at the end, in place of the backup table of
    // what was there before.
    private IEnumerable<long> MarkOffsets()
    {
        for (long offset = MediumImage.BlockLength; offset <= image.EndOffset - MarkLength; offset *= 2)
        {
            if (offset >= image.BodyEnd)
            {
                yield return offset;
            }
        }

        yield return image.EndOffset;
    }

    private int LengthOfMark(long offset) => offset == image.EndOffset ? image.End.Length : MarkLength;

    private void Report(MediumPhase phase, long done) =>
        options.Progress?.Invoke(new MediumProgress(phase, done, image.BodyEnd));
}
