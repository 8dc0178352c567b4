using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Banks;

/// <summary>
/// Which bank is started, in one sector. There are two copies in the state partition; a change is written over the older one with the
/// next sequence number, so that a torn or lost write leaves the newer one. Reserved bytes are zero.
/// <para>
/// A trial is counted down before anything of it is loaded and becomes good when the core has said, under the number of that very
/// start, that its virtual machines are up. A good bank is never counted: switching off too early, however often, loses none.
/// </para>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BankState
{
    /// <summary>Bytes of a copy: one sector.</summary>
    public const int Size = 512;

    /// <summary>"EMBRSTAT".</summary>
    public const ulong MagicValue = 0x5441_5453_5242_4D45;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>How often a trial may be started.</summary>
    public const uint MostTries = 3;

    private const int ChecksumOffset = 12;
    private const int ReservedOffset = 56;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>CRC-32C of the sector with zero here.</summary>
    [FieldOffset(ChecksumOffset)]
    public uint Checksum;

    /// <summary>The number of the change: of two copies the later one counts. Zero comes after the last, so that there is no number
    /// that none can follow.</summary>
    [FieldOffset(16)]
    public ulong Sequence;

    /// <summary>The number of the last start of a trial, another one for each; 0 before the first.</summary>
    [FieldOffset(24)]
    public ulong Attempt;

    /// <summary>The bank that is started first.</summary>
    [FieldOffset(32)]
    public BankSlot Preferred;

    [FieldOffset(36)]
    private readonly uint _reserved;

    /// <summary>What is known of bank A.</summary>
    [FieldOffset(40)]
    public BankRecord A;

    /// <summary>What is known of bank B.</summary>
    [FieldOffset(48)]
    public BankRecord B;

    [FieldOffset(ReservedOffset)]
    private readonly ReservedBytes _end;

    /// <summary>The state of a key from the factory.</summary>
    /// <param name="hasB">Whether bank B holds a copy of bank A.</param>
    public static BankState Manufactured(bool hasB) => new()
    {
        Magic = MagicValue,
        Version = CurrentVersion,
        Sequence = 1,
        Preferred = BankSlot.A,
        A = new BankRecord { Condition = BankCondition.Good },
        B = new BankRecord { Condition = hasB ? BankCondition.Good : BankCondition.Empty },
    };

    /// <summary>Reads a copy.</summary>
    /// <param name="sector">Its bytes, from anywhere: nothing in it is believed.</param>
    /// <param name="state">The state, when it is one.</param>
    public static bool TryRead(ReadOnlySpan<byte> sector, out BankState state)
    {
        state = default;
        if (sector.Length != Size)
        {
            return false;
        }

        sector.CopyTo(BytesOf(ref state));
        return state.Magic == MagicValue && state.Version == CurrentVersion && state.Checksum == state.ComputeChecksum()
            && state.Preferred <= BankSlot.B && state.A.IsValid && state.B.IsValid && state._reserved == 0
            && FieldText.IsZero(BytesOf(ref state).Slice(ReservedOffset));
    }

    /// <summary>Reads both copies.</summary>
    /// <param name="first">The first copy's bytes.</param>
    /// <param name="second">The second copy's bytes.</param>
    /// <param name="state">The newer one that is a state; when none is, that of a key of which nothing is known: both banks may be
    /// started, bank A first.</param>
    /// <param name="writeSecond">Whether the next change has to be written over the second copy.</param>
    /// <returns>Whether there was one.</returns>
    public static bool TryReadNewest(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out BankState state, out bool writeSecond)
    {
        bool hasFirst = TryRead(first, out BankState a);
        bool hasSecond = TryRead(second, out BankState b);
        writeSecond = hasFirst && (!hasSecond || (long)(a.Sequence - b.Sequence) >= 0);
        state = writeSecond ? a : hasSecond ? b : Manufactured(hasB: true);
        return hasFirst || hasSecond;
    }

    /// <summary>Makes the sector that is written for this state, one number above it.</summary>
    /// <param name="sector"><see cref="Size"/> bytes.</param>
    public void WriteNext(Span<byte> sector)
    {
        Sequence++;
        Checksum = ComputeChecksum();
        BytesOf(ref this).CopyTo(sector);
    }

    /// <summary>Writes this state over the older copy.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="second">Which copy is the older one; the other one afterwards.</param>
    /// <returns>False when the key cannot be written.</returns>
    public bool TryWriteNext<TMedium>(ref TMedium medium, ref bool second)
        where TMedium : struct, IStateMedium
    {
        Sector sector = default;
        WriteNext(sector);
        if (!medium.TryWriteState(second, sector))
        {
            return false;
        }

        second = !second;
        return true;
    }

    /// <summary>What is known of a bank.</summary>
    /// <param name="slot">A or B.</param>
    [UnscopedRef]
    public ref BankRecord Record(BankSlot slot) => ref slot == BankSlot.A ? ref A : ref B;

    /// <summary>The other bank.</summary>
    public static BankSlot Other(BankSlot slot) => slot == BankSlot.A ? BankSlot.B : BankSlot.A;

    /// <summary>Takes what the core has said of a start.</summary>
    /// <param name="attempt">The number of the start at which its virtual machines came up.</param>
    /// <returns>Whether a trial has become good by it: the state is to be written.</returns>
    public bool Confirm(ulong attempt)
    {
        ref BankRecord record = ref Record(Preferred);
        if (attempt == 0 || attempt != Attempt || record.Condition != BankCondition.Trial)
        {
            return false;
        }

        record = new BankRecord { Condition = BankCondition.Good };
        return true;
    }

    /// <summary>Chooses the bank to start, and counts a trial down.</summary>
    /// <param name="attempt">The number of this start, not 0 and never used before.</param>
    /// <param name="changed">Whether the state is to be written, before anything of the bank is loaded.</param>
    /// <returns>The bank; none when no bank may be started.</returns>
    public BankSlot Begin(ulong attempt, out bool changed)
    {
        changed = false;
        if (Record(Preferred).Condition == BankCondition.Trial && Record(Preferred).TriesLeft == 0)
        {
            Record(Preferred) = new BankRecord { Condition = BankCondition.Bad };
            changed = true;
        }

        if (!Record(Preferred).IsStartable)
        {
            if (!Record(Other(Preferred)).IsStartable)
            {
                return BankSlot.None;
            }

            Preferred = Other(Preferred);
            changed = true;
        }

        ref BankRecord record = ref Record(Preferred);
        if (record.Condition == BankCondition.Trial)
        {
            record.TriesLeft--;
            Attempt = attempt;
            changed = true;
        }

        return Preferred;
    }

    /// <summary>
    /// Passes over a bank that cannot be started. A trial becomes bad. A good one stays what it is: what could not be read today may be
    /// read tomorrow.
    /// </summary>
    /// <param name="slot">A or B, as <see cref="Begin"/> returned it.</param>
    /// <param name="attempt">The number of this start.</param>
    /// <param name="changed">Whether the state is to be written.</param>
    /// <returns>The other bank, when it may be started; otherwise none.</returns>
    public BankSlot PassOver(BankSlot slot, ulong attempt, out bool changed)
    {
        changed = Record(slot).Condition == BankCondition.Trial;
        if (changed)
        {
            Record(slot) = new BankRecord { Condition = BankCondition.Bad };
            return Begin(attempt, out _);
        }

        return Record(Other(slot)).Condition == BankCondition.Good ? Other(slot) : BankSlot.None;
    }

    /// <summary>Prefers the other bank from now on, as somebody at the keyboard has asked.</summary>
    /// <returns>Whether there is another that may be started: the state is to be written.</returns>
    public bool RollBack()
    {
        if (!Record(Other(Preferred)).IsStartable)
        {
            return false;
        }

        if (Record(Preferred).Condition == BankCondition.Trial)
        {
            Record(Preferred) = new BankRecord { Condition = BankCondition.Bad };
        }

        Preferred = Other(Preferred);
        return true;
    }

    /// <summary>The bank that an update is written to.</summary>
    public readonly BankSlot Idle => Other(Preferred);

    private readonly uint ComputeChecksum()
    {
        BankState copy = this;
        copy.Checksum = 0;
        return Crc32C.Compute(BytesOf(ref copy));
    }

    private static unsafe Span<byte> BytesOf(ref BankState state) => new(Unsafe.AsPointer(ref state), Size);

    [InlineArray(Size)]
    private struct Sector
    {
        private byte _first;
    }

    [InlineArray(Size - ReservedOffset)]
    private struct ReservedBytes
    {
        private byte _first;
    }
}
