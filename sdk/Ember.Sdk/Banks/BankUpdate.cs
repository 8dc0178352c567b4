using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk.Media;

namespace Ember.Sdk.Banks;

/// <summary>
/// Writes an update into the idle bank of a key. At no moment is there no bank to start: the state first says that the idle bank is
/// empty; then comes the bank, its boot sector last; all of it is read back; and one sector makes it a trial.
/// </summary>
public sealed class BankUpdate
{
    private const int BufferSize = 1 << 20;
    private const int BackupBootSectorOffset = 50;
    private const int SectorsPerFat16Offset = 22;

    private readonly ISectorMedium _medium;
    private readonly string _name;
    private readonly KeyReader _reader;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly byte[] _found = new byte[BufferSize];
    private readonly byte[] _vendorKey;
    private BankState _state;
    private bool _writeSecond;

    /// <summary>Prepares an update.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="EmberException">It is no key (exit code 2), or too damaged to be updated (1).</exception>
    public BankUpdate(ISectorMedium medium, string name)
    {
        _medium = medium;
        _name = name;
        _reader = new KeyReader(medium, name);
        _state = _reader.ReadState(out _writeSecond);
        _vendorKey = _reader.ReadVendorKey();
        Target = ChooseTarget();
    }

    /// <summary>Told how much has been done, and of how much.</summary>
    public IProgress<(long Done, long Of)>? Progress { get; init; }

    /// <summary>The bank that the update goes to.</summary>
    public BankSlot Target { get; }

    /// <summary>Updates.</summary>
    /// <param name="bundle">The update.</param>
    /// <exception cref="EmberException">The update is not for this key, or what was written does not read back (exit code 1); the key or the
    /// bundle cannot be read or written (3). The bank in use is as it was.</exception>
    public void Run(BundleFile bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        RequireFit(bundle);
        SetTarget(new BankRecord { Condition = BankCondition.Empty });
        long length = bundle.Runs.Sum(each => (long)each.Run.Length);
        WriteVolume(bundle, 0, 2 * length);
        Verify(bundle, length, 2 * length);
        _state.Preferred = Target;
        _state.Record(_state.Preferred) = new BankRecord { Condition = BankCondition.Trial, TriesLeft = BankState.MostTries };
        WriteState();
    }

    /// <summary>The bank that is not preferred, unless that is the only one that is good: an unconfirmed trial makes room for the next.
    /// </summary>
    private BankSlot ChooseTarget()
    {
        BankSlot idle = _state.Idle;
        return !IsSound(_state.Preferred) && IsSound(idle) ? _state.Preferred : idle;
    }

    private bool IsSound(BankSlot slot) =>
        _state.Record(slot).Condition == BankCondition.Good && _reader.Verifies(slot, _vendorKey);

    private void RequireFit(BundleFile bundle)
    {
        bundle.RequireSignature(_vendorKey);
        BankManifest.TryRead(bundle.Manifest, out BankManifest update);
        byte[]? current = _reader.TryReadFile(BankState.Other(Target), BankNames.Manifest);
        if (current is not null && BankManifest.TryRead(current, out BankManifest used) == BankManifestStatus.Good)
        {
            string product = Encoding.ASCII.GetString(BankManifest.ProductOf(in update.Header));
            string usedProduct = Encoding.ASCII.GetString(BankManifest.ProductOf(in used.Header));
            if (product != usedProduct)
            {
                throw Refused(bundle, $"is for '{product}', and on the key is '{usedProduct}'");
            }

            if (update.Header.SecurityVersion < used.Header.SecurityVersion)
            {
                throw Refused(
                    bundle,
                    $"has security version {update.Header.SecurityVersion}, and on the key is {used.Header.SecurityVersion}: "
                    + "its machine would refuse the older one");
            }
        }

        if (bundle.VolumeLength > _reader.BankLength(Target))
        {
            throw Refused(
                bundle, $"needs {bundle.VolumeLength} bytes, and a bank of the key has {_reader.BankLength(Target)}; write a new key");
        }
    }

    private void WriteVolume(BundleFile bundle, long done, long all)
    {
        byte[] bootSector = new byte[BundleHeader.SectorSize];
        long start = _reader.BankOffset(Target);
        _medium.Write(start, bootSector);
        _medium.Flush();
        ForEachPiece(bundle, done, all, (offset, piece) =>
        {
            if (offset == 0)
            {
                piece[..BundleHeader.SectorSize].CopyTo(bootSector);
                piece[..BundleHeader.SectorSize].Clear();
            }

            _medium.Write(start + offset, piece);
        });
        _medium.Flush();
        _medium.Write(start, bootSector);
        _medium.Flush();
    }

    private void Verify(BundleFile bundle, long done, long all)
    {
        long start = _reader.BankOffset(Target);
        ForEachPiece(bundle, done, all, (offset, piece) =>
        {
            Span<byte> found = _found.AsSpan(0, piece.Length);
            _medium.Read(start + offset, found);
            int differs = found.CommonPrefixLength(piece);
            if (differs != piece.Length)
            {
                throw new EmberException(
                    ErrorKind.Checked,
                    $"{_name}: byte {start + offset + differs} does not read back as it was written; the medium is failing: use another key");
            }
        });
    }

    /// <summary>Goes through the bundle's volume, as it is to lie on this key.</summary>
    private void ForEachPiece(BundleFile bundle, long done, long all, PieceAction action)
    {
        uint hidden = (uint)(_reader.BankOffset(Target) / BundleHeader.SectorSize);
        foreach ((BundleRun run, long position) in bundle.Runs)
        {
            for (long at = 0; at < (long)run.Length;)
            {
                Span<byte> piece = _buffer.AsSpan(0, (int)Math.Min(BufferSize, (long)run.Length - at));
                bundle.Read(position + at, piece);
                if ((long)run.Offset + at == 0)
                {
                    SetHiddenSectors(piece, hidden);
                }

                action((long)run.Offset + at, piece);
                at += piece.Length;
                done += piece.Length;
                Progress?.Report((done, all));
            }
        }
    }

    /// <summary>In the boot sector and, on FAT32, in its backup.</summary>
    private static void SetHiddenSectors(Span<byte> volume, uint hidden)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(volume[BundleHeader.HiddenSectorsOffset..], hidden);
        int backup = BinaryPrimitives.ReadUInt16LittleEndian(volume[BackupBootSectorOffset..]) * BundleHeader.SectorSize;
        bool isFat32 = BinaryPrimitives.ReadUInt16LittleEndian(volume[SectorsPerFat16Offset..]) == 0;
        if (isFat32 && backup != 0 && backup + BundleHeader.SectorSize <= volume.Length)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(volume[(backup + BundleHeader.HiddenSectorsOffset)..], hidden);
        }
    }

    private void SetTarget(BankRecord record)
    {
        _state.Record(Target) = record;
        WriteState();
    }

    private void WriteState()
    {
        byte[] sector = new byte[BankState.Size];
        _state.WriteNext(sector);
        _medium.Write(_reader.StateOffset(_writeSecond), sector);
        _medium.Flush();
        _writeSecond = !_writeSecond;
    }

    private static EmberException Refused(BundleFile bundle, string why) => new(ErrorKind.Checked, $"{bundle.Path}: {why}");

    private delegate void PieceAction(long offset, Span<byte> piece);
}
