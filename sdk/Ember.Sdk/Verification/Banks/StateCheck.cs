using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Rules;
using Ember.Sdk.Verification.Tables;

namespace Ember.Sdk.Verification.Banks;

/// <summary>Checks both copies of the banks' state, and what it says against what the banks hold.</summary>
internal static class StateCheck
{
    /// <summary>Checks the copies.</summary>
    /// <returns>The newer one; null where none is one.</returns>
    public static StateContents? Run(PartitionEntry partition, ImageBytes image, Findings findings)
    {
        Place place = PartitionCheck.PlaceOf(partition);
        long[] offsets = [partition.Start, partition.Start + (partition.Length / 2)];
        BankState[] states = new BankState[2];
        bool[] areStates = new bool[2];
        for (int i = 0; i < 2; i++)
        {
            areStates[i] = findings.Require(
                BankState.TryRead(image.Read(offsets[i], BankState.Size), out states[i]), BankRules.StateCopy, place.At(offsets[i]),
                    $"copy {i + 1} is none");
        }

        (long Start, long End)[] rest = [(offsets[0] + BankState.Size, offsets[1]), (offsets[1] + BankState.Size, partition.End)];
        foreach ((long start, long end) in rest)
        {
            long? set = image.FirstSet(start, end);
            findings.Require(set is null, BankRules.StateRest, place.At(set ?? start), $"it is not");
        }

        if (!findings.Require(areStates[0] || areStates[1], BankRules.StateThere, place, $"neither is"))
        {
            return null;
        }

        bool isFirstNewer = areStates[0] && (!areStates[1] || states[0].Sequence - states[1].Sequence <= long.MaxValue);
        BankState newer = states[isFirstNewer ? 0 : 1];
        ulong older = states[0].Sequence ^ states[1].Sequence ^ newer.Sequence;
        findings.Require(!areStates[0] || !areStates[1] || newer.Sequence - older == 1, BankRules.StateSequence, place.At(offsets[0]),
            $"they are of changes {states[0].Sequence} and {states[1].Sequence}");
        return new StateContents(newer.Sequence, newer.Preferred, newer.A, newer.B);
    }

    /// <summary>The condition of a bank; good where there is no state.</summary>
    public static BankRecord RecordOf(StateContents? state, BankSlot slot) =>
        state is null ? new BankRecord { Condition = BankCondition.Good } : slot == BankSlot.A ? state.A : state.B;

    /// <summary>Whether the loader starts a bank.</summary>
    public static bool IsStarted(BankRecord record) => record.Condition is BankCondition.Good or BankCondition.Trial;

    /// <summary>Holds the state against the banks.</summary>
    /// <param name="state">The state.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="banks">The banks that could be read.</param>
    /// <param name="findings">Where findings go.</param>
    public static void Compare(StateContents state, Place place, IReadOnlyList<BankContents> banks, Findings findings)
    {
        findings.Require(IsStarted(RecordOf(state, state.Preferred)), BankRules.StatePreferred, place,
            $"bank {state.Preferred} is {RecordOf(state, state.Preferred).Condition}");
        foreach (BankSlot slot in (ReadOnlySpan<BankSlot>)[BankSlot.A, BankSlot.B])
        {
            BankRecord record = RecordOf(state, slot);
            BankContents? bank = banks.FirstOrDefault(bank => bank.Slot == slot);
            findings.Require(!IsStarted(record) || bank is { IsVerified: true }, BankRules.StateGood, place,
                $"bank {slot} is {record.Condition}, and does not verify");
            findings.Require(record.Condition != BankCondition.Trial || record.TriesLeft != 0, BankRules.StateTries, place,
                $"bank {slot} has none");
        }
    }
}
