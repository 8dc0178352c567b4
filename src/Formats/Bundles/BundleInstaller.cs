using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;
using Ember.Formats.Fields;

namespace Ember.Formats.Bundles;

/// <summary>
/// Writes a bundle into a bank. The bundle's content is gone through before anything is written. At no moment is there no bank to start:
/// the state first says that the bank is empty; then comes the bank, its boot sector last; all of it is read back; and one sector makes it
/// a trial.
/// </summary>
/// <typeparam name="TMedium">The key and the bundle.</typeparam>
public ref struct BundleInstaller<TMedium>
    where TMedium : struct, IUpdateMedium
{
    private const int BackupBootSectorOffset = 50;
    private const int SectorsPerFat16Offset = 22;

    private readonly ref TMedium _medium;
    private readonly Bundle _bundle;
    private readonly BankSlot _target;
    private readonly Span<byte> _buffer;
    private readonly ulong _all;
    private ulong _done;

    /// <summary>Prepares.</summary>
    /// <param name="medium">The key and the bundle. A method of it may throw instead of returning false.</param>
    /// <param name="bundle">The bundle's head. Whether the bank is one for this key has been looked at.</param>
    /// <param name="target">The bank that is written; a base that the bundle needs is in the other one.</param>
    /// <param name="buffer">Whole sectors, 8 at least; the more, the faster.</param>
    public BundleInstaller(ref TMedium medium, Bundle bundle, BankSlot target, Span<byte> buffer)
    {
        _medium = ref medium;
        _bundle = bundle;
        _target = target;
        _buffer = buffer;
        _all = 3 * bundle.ContentLength;
    }

    private enum Pass
    {
        /// <summary>The bundle is gone through.</summary>
        Check,

        /// <summary>The bank is written.</summary>
        Write,

        /// <summary>The bank is read back.</summary>
        ReadBack,
    }

    /// <summary>Installs.</summary>
    /// <param name="state">The state of the banks.</param>
    /// <param name="writeSecond">Whether its next change has to be written over the second copy.</param>
    public UpdateStatus Run(ref BankState state, ref bool writeSecond)
    {
        UpdateStatus status = Go(Pass.Check);
        if (status != UpdateStatus.Good)
        {
            return status;
        }

        state.Record(_target) = new BankRecord { Condition = BankCondition.Empty };
        if (!state.TryWriteNext(ref _medium, ref writeSecond))
        {
            return UpdateStatus.StateUnwritable;
        }

        status = WriteVolume();
        status = status == UpdateStatus.Good ? Go(Pass.ReadBack) : status;
        if (status != UpdateStatus.Good)
        {
            return status;
        }

        BankState trial = state;
        trial.Preferred = _target;
        trial.Record(_target) = new BankRecord { Condition = BankCondition.Trial, TriesLeft = BankState.MostTries };
        if (!trial.TryWriteNext(ref _medium, ref writeSecond))
        {
            return UpdateStatus.StateUnwritable;
        }

        state = trial;
        return UpdateStatus.Good;
    }

    private UpdateStatus WriteVolume()
    {
        Sector bootSector = default;
        if (!_medium.TryWriteBank(_target, 0, bootSector) || !_medium.TryFlush(_target))
        {
            return UpdateStatus.BankUnwritable;
        }

        UpdateStatus status = Go(Pass.Write);
        if (status != UpdateStatus.Good)
        {
            return status;
        }

        if (!_medium.TryReadBundle((ulong)_bundle.DataOffset, bootSector))
        {
            return UpdateStatus.Unreadable;
        }

        SetHiddenSectors(bootSector, (uint)_medium.BankStart(_target));
        return _medium.TryFlush(_target) && _medium.TryWriteBank(_target, 0, bootSector) && _medium.TryFlush(_target)
            ? UpdateStatus.Good
            : UpdateStatus.BankUnwritable;
    }

    /// <summary>Goes through the volume once.</summary>
    private UpdateStatus Go(Pass pass)
    {
        Sha256 hash = default;
        hash.Initialize();
        hash.Append(_bundle.Checked);
        ulong position = (ulong)_bundle.DataOffset;
        for (int i = 0; i < _bundle.RunCount; i++)
        {
            BundleRun run = _bundle.Run(i);
            bool isInBundle = run.Base == BundleRun.InBundle;
            for (ulong at = 0; at < run.Length;)
            {
                Span<byte> piece = _buffer.Slice(0, (int)Math.Min((ulong)_buffer.Length, run.Length - at));
                ulong offset = run.Offset + at;
                bool read = pass == Pass.ReadBack ? _medium.TryReadBank(_target, offset, piece)
                    : isInBundle ? _medium.TryReadBundle(position + at, piece)
                    : _medium.TryReadBank(BankState.Other(_target), run.Base + at, piece);
                if (!read)
                {
                    return pass == Pass.ReadBack ? UpdateStatus.ReadBackDiffers : UpdateStatus.Unreadable;
                }

                if (offset == 0 && pass != Pass.Check)
                {
                    SetHiddenSectors(piece, pass == Pass.Write ? (uint)_medium.BankStart(_target) : 0);
                }

                if (pass != Pass.Write)
                {
                    hash.Append(piece);
                }
                else if (!TryWrite(offset, piece))
                {
                    return UpdateStatus.BankUnwritable;
                }

                at += (ulong)piece.Length;
                _done += (ulong)piece.Length;
                _medium.Report(_done, _all);
            }

            position += isInBundle ? run.Length : 0;
        }

        Sha256Digest digest = default;
        hash.Finish(digest);
        return pass == Pass.Write || FieldText.AreEqual(digest, _bundle.Header.Content) ? UpdateStatus.Good
            : pass == Pass.ReadBack ? UpdateStatus.ReadBackDiffers
            : _bundle.NeedsBase ? UpdateStatus.BaseDiffers : UpdateStatus.Damaged;
    }

    /// <summary>Writes all but the boot sector: a volume without one is none.</summary>
    private readonly bool TryWrite(ulong offset, Span<byte> piece)
    {
        if (offset == 0)
        {
            piece.Slice(0, BundleHeader.SectorSize).Clear();
        }

        return _medium.TryWriteBank(_target, offset, piece);
    }

    /// <summary>In the boot sector and, on FAT32, in its backup.</summary>
    private static void SetHiddenSectors(Span<byte> volume, uint hidden)
    {
        Put(volume, hidden);
        int backup = Read16(volume, BackupBootSectorOffset) * BundleHeader.SectorSize;
        bool isFat32 = Read16(volume, SectorsPerFat16Offset) == 0;
        if (isFat32 && backup != 0 && backup + BundleHeader.SectorSize <= volume.Length)
        {
            Put(volume.Slice(backup), hidden);
        }
    }

    private static void Put(Span<byte> sector, uint hidden) =>
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(sector.Slice(BundleHeader.HiddenSectorsOffset, sizeof(uint))), hidden);

    private static int Read16(Span<byte> sector, int offset) => sector[offset] | (sector[offset + 1] << 8);

    [InlineArray(BundleHeader.SectorSize)]
    private struct Sector
    {
        private byte _first;
    }
}
