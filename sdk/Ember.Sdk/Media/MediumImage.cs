using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Threading;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Media;

/// <summary>
/// An image as it is to lie on a medium, in three parts: the first block, the body, and the end of the medium with the backup of the
/// partition table. On a medium longer than the image the table is made anew for it. The image is read once to make sure that it is whole,
/// and again when it is written: only hashes of the body are kept.
/// </summary>
public sealed class MediumImage
{
    /// <summary>Length of the first block, which has nothing but the partition table, and of a block of the body.</summary>
    public const int BlockLength = GptTable.AlignmentSectors * GptTable.SectorSize;

    /// <summary>An image that is shorter has no room for a partition.</summary>
    internal const long MinimumLength = BlockLength + 64 * 1024;

    private const int Granularity = 4096;
    private const int BackupLength = (GptTable.EntrySectors + 1) * GptTable.SectorSize;

    private readonly ImageSource _source;
    private readonly List<UInt128> _hashes = [];

    private MediumImage(ImageSource source, long mediumLength)
    {
        _source = source;
        MediumLength = mediumLength / GptTable.SectorSize * GptTable.SectorSize;
        EndOffset = (MediumLength - BackupLength) / Granularity * Granularity;
        BodyEnd = Math.Min((source.Length + Granularity - 1) / Granularity * Granularity, EndOffset);
        End = new byte[MediumLength - EndOffset];
    }

    /// <summary>The image's length in bytes.</summary>
    public long ImageLength => _source.Length;

    /// <summary>The medium's length in bytes, without what is less than a sector.</summary>
    public long MediumLength { get; }

    /// <summary>True if the table was made anew for a medium longer than the image.</summary>
    public bool IsTableMoved => MediumLength != ImageLength;

    /// <summary>SHA-256 of the image, lower-case hexadecimal.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>The first block, as it is to be on the medium.</summary>
    internal byte[] First { get; } = new byte[BlockLength];

    /// <summary>The end of the medium.</summary>
    internal byte[] End { get; }

    /// <summary>Where <see cref="End"/> begins.</summary>
    internal long EndOffset { get; }

    /// <summary>Where the body ends; it begins behind the first block.</summary>
    internal long BodyEnd { get; }

    /// <summary>How many blocks the body has; the last may be shorter.</summary>
    internal int BlockCount => _hashes.Count;

    /// <summary>Reads and checks a whole image.</summary>
    /// <param name="source">The image.</param>
    /// <param name="mediumLength">The medium's length in bytes, no less than the image's.</param>
    /// <param name="progress">Is told how far it has come.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="EmberException">The image is damaged or no key's (exit code 1 or 2).</exception>
    public static MediumImage Read(
        ImageSource source, long mediumLength, Action<MediumProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(mediumLength, source.Length);
        MediumImage image = new(source, mediumLength);
        image.Sha256 = image.OrCannotRead(() => image.Survey(progress, cancellation));
        return image;
    }

    /// <summary>Where a block of the body lies, and how long it is.</summary>
    internal (long Offset, int Length) Place(int block)
    {
        long offset = (block + 1L) * BlockLength;
        return (offset, (int)Math.Min(BlockLength, BodyEnd - offset));
    }

    /// <summary>True if these are the bytes of a block of the body.</summary>
    internal bool IsBlock(int block, ReadOnlySpan<byte> bytes) => XxHash128.HashToUInt128(bytes) == _hashes[block];

    /// <summary>The block of the body that has these bytes; null if there is none.</summary>
    internal int? FindBlock(ReadOnlySpan<byte> bytes) =>
        _hashes.IndexOf(XxHash128.HashToUInt128(bytes)) is >= 0 and int block ? block : null;

    /// <summary>Reads the image again and gives every block of the body that is asked for, in order.</summary>
    /// <param name="isWanted">Whether a block is asked for.</param>
    /// <param name="take">Takes its number and bytes.</param>
    /// <exception cref="EmberException">The image cannot be read, or is not what it was.</exception>
    internal void ReadBlocks(Func<int, bool> isWanted, BlockTaker take)
    {
        byte[] buffer = new byte[BlockLength];
        using Stream stream = OrCannotRead(_source.OpenRead);
        // A compressed image is read from its start, for what is wanted and what is not.
        for (int block = stream.CanSeek ? 0 : -1; block < BlockCount; block++)
        {
            long offset = (block + 1L) * BlockLength;
            bool isNeeded = block >= 0 && isWanted(block);
            if (!isNeeded && stream.CanSeek)
            {
                continue;
            }

            OrCannotRead(() =>
            {
                if (stream.CanSeek)
                {
                    stream.Position = offset;
                }

                return ReadAt(stream, offset, buffer);
            });
            if (!isNeeded)
            {
                continue;
            }

            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, Place(block).Length);
            if (!IsBlock(block, bytes))
            {
                throw new EmberException(
                    ErrorKind.Input, $"{_source.Path}: has changed while it was written; write it again when it is finished");
            }

            take(block, bytes);
        }
    }

    // What reads the image only: a failure of the medium is another.
    private T OrCannotRead<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (ImageSource.IsReadFailure(e))
        {
            throw ImageSource.CannotRead(_source.Path, e);
        }
    }

    // Gives the image's SHA-256.
    private string Survey(Action<MediumProgress>? progress, CancellationToken cancellation)
    {
        using IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using Stream stream = _source.OpenRead();
        byte[] buffer = new byte[BlockLength];
        byte[] backup = new byte[BackupLength];
        for (long offset = 0; offset < ImageLength; offset += BlockLength)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = ReadAt(stream, offset, buffer, backup, sha256);
            Pieces.Overlap(buffer.AsSpan(0, count), offset, First, 0);
            Pieces.Overlap(buffer.AsSpan(0, count), offset, End, EndOffset);
            if (offset > 0 && offset < BodyEnd)
            {
                _hashes.Add(XxHash128.HashToUInt128(buffer.AsSpan(0, (int)Math.Min(BlockLength, BodyEnd - offset))));
            }

            progress?.Invoke(new MediumProgress(MediumPhase.Reading, offset + count, ImageLength));
        }

        if (stream.ReadByte() >= 0)
        {
            throw new EndOfStreamException("it grows while it is read");
        }

        using EdgeStream disk = new(First, backup, ImageLength);
        GptTable table = ReadTable(disk);
        if (IsTableMoved)
        {
            GptTable moved = table with { SectorCount = MediumLength / GptTable.SectorSize };
            GptWriter.Primary(moved).CopyTo(First, 0);
            GptWriter.Backup(moved).CopyTo(End, End.Length - BackupLength);
        }

        return Convert.ToHexStringLower(sha256.GetHashAndReset());
    }

    private GptTable ReadTable(EdgeStream disk)
    {
        try
        {
            return GptReader.Read(disk);
        }
        catch (ImageException e)
        {
            throw new EmberException(ErrorKind.Input, $"{_source.Path}: is no whole image of a key: {e.Where}: {e.What}; build it anew", e);
        }
    }

    private int ReadAt(Stream stream, long offset, byte[] buffer) => ReadAt(stream, offset, buffer, null, null);

    // Behind the image there are zeros, and so there are where its backup table was, if that has moved.
    private int ReadAt(Stream stream, long offset, byte[] buffer, byte[]? backup, IncrementalHash? sha256)
    {
        int count = (int)Math.Min(BlockLength, ImageLength - offset);
        stream.ReadExactly(buffer, 0, count);
        buffer.AsSpan(count).Clear();
        sha256?.AppendData(buffer, 0, count);
        Pieces.Overlap(buffer.AsSpan(0, count), offset, backup, ImageLength - BackupLength);
        if (IsTableMoved)
        {
            Pieces.Overlap(new byte[BackupLength], ImageLength - BackupLength, buffer.AsSpan(0, count), offset);
        }

        return count;
    }

    /// <summary>Takes a block of the body.</summary>
    internal delegate void BlockTaker(int block, ReadOnlySpan<byte> bytes);
}
