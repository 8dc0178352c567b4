using System;
using System.Collections.Generic;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="BankState"/>, as it is and with right checksums: the copy that counts is the model's, and from any state that is
/// read no start goes wrong.</summary>
internal sealed class StateTarget : FuzzTarget
{
    private const ulong Attempt = 77;

    /// <inheritdoc/>
    public override string Name => "state";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Parts.Join(SectorOf(BankCondition.Good, BankCondition.Trial, 2), SectorOf(BankCondition.Good, BankCondition.Empty, 1)),
        Parts.Join(SectorOf(BankCondition.Bad, BankCondition.Good, 4), SectorOf(BankCondition.Trial, BankCondition.Good, 5)),
    ];

    /// <summary>A copy of a state.</summary>
    public static byte[] SectorOf(BankCondition a, BankCondition b, ulong number)
    {
        BankState state = BankState.Manufactured(hasB: false);
        state.Sequence = number - 1;
        state.Attempt = Attempt;
        state.Preferred = b == BankCondition.Trial ? BankSlot.B : BankSlot.A;
        state.A = new BankRecord { Condition = a, TriesLeft = a == BankCondition.Trial ? BankState.MostTries : 0 };
        state.B = new BankRecord { Condition = b, TriesLeft = b == BankCondition.Trial ? BankState.MostTries : 0 };
        byte[] sector = new byte[BankState.Size];
        state.WriteNext(sector);
        return sector;
    }

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        Parts parts = new(input);
        return [new(typeof(BankState), parts.OffsetOf(0)), new(typeof(BankState), parts.OffsetOf(1))];
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        Check(parts[0], parts[1], memory);
        StateModel.Mend(parts[0]);
        StateModel.Mend(parts[1]);
        Check(parts[0], parts[1], memory);
    }

    private static void Check(byte[] first, byte[] second, GuardedMemory memory)
    {
        Span<byte> both = memory.Place([.. first, .. second]);
        bool read = BankState.TryReadNewest(both[..first.Length], both[first.Length..], out BankState state, out bool writeSecond);
        ulong? a = StateModel.NumberOf(first);
        ulong? b = StateModel.NumberOf(second);
        bool isFirst = a is not null && (b is null || a - b <= long.MaxValue);
        Require(read == (a ?? b) is not null, read ? "a state is read that is none" : "a state is refused");
        Require(!read || state.Sequence == (isFirst ? a : b), "not the newer copy");
        Require(writeSecond == isFirst, "the newer copy would be written over");
        Start(state);
    }

    /// <summary>Starts again and again, in each of which the bank does not verify, or does and is not confirmed.</summary>
    private static void Start(BankState state)
    {
        BankState confirmed = state;
        Require(
            !confirmed.Confirm(Attempt) || confirmed.Record(confirmed.Preferred).Condition == BankCondition.Good,
            "confirmed, and not good");
        bool hadGood = state.A.Condition == BankCondition.Good || state.B.Condition == BankCondition.Good;
        for (ulong attempt = 1; attempt < 9; attempt++)
        {
            BankState before = state;
            BankSlot slot = state.Begin(attempt, out _);
            RequireValid(state);
            Require(slot != BankSlot.None || !hadGood, "a good bank is not started");
            if (slot == BankSlot.None)
            {
                RequireReadable(state);
                return;
            }

            BankRecord record = before.Record(slot);
            bool isTrial = record.Condition == BankCondition.Trial;
            Require(record.Condition == BankCondition.Good || isTrial, "a bank is started that is neither good nor on trial");
            Require(!isTrial || (record.TriesLeft != 0 && state.Record(slot).TriesLeft == record.TriesLeft - 1), "a trial is not counted");
            BankState passed = state;
            BankSlot next = passed.PassOver(slot, attempt, out _);
            RequireValid(passed);
            Require(next != slot, "a bank is tried again that did not verify");
            BankState back = state;
            bool done = back.RollBack();
            RequireValid(back);
            Require(!done || back.Preferred == BankState.Other(state.Preferred), "gone back, and not to the other bank");
        }

        Require(hadGood, "a trial is started for ever");
        RequireReadable(state);
    }

    private static void RequireValid(BankState state) => Require(
        state.Preferred <= BankSlot.B && StateModel.IsRecord((uint)state.A.Condition, state.A.TriesLeft)
            && StateModel.IsRecord((uint)state.B.Condition, state.B.TriesLeft),
        "a state comes out that is none");

    /// <summary>What is written must count at the next start.</summary>
    private static void RequireReadable(BankState copy)
    {
        byte[] old = new byte[BankState.Size];
        copy.WriteNext(old);
        byte[] sector = new byte[BankState.Size];
        copy.WriteNext(sector);
        Require(
            StateModel.NumberOf(sector) == copy.Sequence && BankState.TryReadNewest(old, sector, out BankState read, out _)
                && read.Sequence == copy.Sequence,
            "what is written does not count at the next start");
    }
}
