using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Formats.Banks;

namespace Ember.Formats.Tests.Banks;

public sealed class BankStateTests
{
    private static readonly BankRecord _good = new() { Condition = BankCondition.Good };
    private static readonly BankRecord _trial = new() { Condition = BankCondition.Trial, TriesLeft = 3 };

    [Fact]
    public void A_state_reads_back_and_any_changed_byte_is_noticed()
    {
        byte[] sector = Write(BankState.Manufactured(hasB: true));
        Assert.True(BankState.TryRead(sector, out BankState state));
        Assert.Equal((2ul, BankSlot.A, BankCondition.Good, BankCondition.Good),
            (state.Sequence, state.Preferred, state.A.Condition, state.B.Condition));
        for (int i = 0; i < sector.Length; i++)
        {
            sector[i] ^= 0x40;
            Assert.False(BankState.TryRead(sector, out _));
            sector[i] ^= 0x40;
        }

        Assert.False(BankState.TryRead(sector.AsSpan(0, 511), out _));
    }

    [Theory]
    [InlineData(32, 2)]
    [InlineData(36, 1)]
    [InlineData(40, 4)]
    [InlineData(44, 1)]
    [InlineData(52, 1)]
    [InlineData(56, 1)]
    [InlineData(511, 1)]
    public void A_value_that_none_may_have_is_refused_under_a_right_checksum(int offset, byte value)
    {
        byte[] sector = Write(BankState.Manufactured(hasB: false));
        sector[offset] = value;
        sector.AsSpan(12, 4).Clear();
        BitConverter.TryWriteBytes(sector.AsSpan(12), Crc32C.Compute(sector));
        Assert.False(BankState.TryRead(sector, out _));
    }

    [Fact]
    public void The_newer_copy_counts_and_the_older_is_written_over()
    {
        BankState state = BankState.Manufactured(hasB: false);
        byte[] older = Write(state);
        state.Sequence = 5;
        byte[] newer = Write(state);
        Assert.True(BankState.TryReadNewest(older, newer, out state, out bool writeSecond));
        Assert.Equal((6ul, false), (state.Sequence, writeSecond));
        Assert.True(BankState.TryReadNewest(newer, older, out state, out writeSecond));
        Assert.Equal((6ul, true), (state.Sequence, writeSecond));
        Assert.True(BankState.TryReadNewest(new byte[512], newer, out state, out writeSecond));
        Assert.Equal((6ul, false), (state.Sequence, writeSecond));
        Assert.True(BankState.TryReadNewest(newer, new byte[512], out state, out writeSecond));
        Assert.Equal((6ul, true), (state.Sequence, writeSecond));
        Assert.False(BankState.TryReadNewest(new byte[512], new byte[512], out state, out _));
        Assert.Equal((BankSlot.A, BankCondition.Good, BankCondition.Good), (state.Preferred, state.A.Condition, state.B.Condition));
    }

    [Fact]
    public void Zero_comes_after_the_last_number()
    {
        BankState state = BankState.Manufactured(hasB: false);
        state.Sequence = ulong.MaxValue - 1;
        byte[] last = Write(state);
        state.Sequence = ulong.MaxValue;
        byte[] zero = Write(state);
        Assert.True(BankState.TryReadNewest(last, zero, out state, out bool writeSecond));
        Assert.Equal((0ul, false), (state.Sequence, writeSecond));
        Assert.True(BankState.TryReadNewest(zero, last, out state, out writeSecond));
        Assert.Equal((0ul, true), (state.Sequence, writeSecond));
    }

    [Fact]
    public void A_trial_without_tries_is_not_started_whichever_bank_it_is()
    {
        BankRecord spent = new() { Condition = BankCondition.Trial };
        BankState state = Of(BankSlot.A, new BankRecord { Condition = BankCondition.Bad }, spent);
        Assert.Equal(BankSlot.None, state.Begin(1, out _));
        state = Of(BankSlot.B, spent, _trial);
        Assert.Equal(BankSlot.None, state.PassOver(BankSlot.B, 1, out _));
        Assert.False(Of(BankSlot.A, _good, spent).RollBack());
    }

    [Fact]
    public void A_trial_has_three_starts_and_then_the_other_bank_is_started_for_good()
    {
        BankState state = Of(BankSlot.B, _good, _trial);
        for (uint i = 1; i <= 3; i++)
        {
            Assert.Equal(BankSlot.B, state.Begin(i, out bool changed));
            Assert.Equal((true, 3 - i, (ulong)i), (changed, state.B.TriesLeft, state.Attempt));
        }

        Assert.Equal(BankSlot.A, state.Begin(4, out bool left));
        Assert.Equal((true, BankSlot.A, BankCondition.Bad), (left, state.Preferred, state.B.Condition));
        Assert.Equal(BankSlot.A, state.Begin(5, out bool again));
        Assert.False(again);
    }

    [Fact]
    public void A_trial_becomes_good_by_the_number_of_its_last_start_only()
    {
        BankState state = Of(BankSlot.B, _good, _trial);
        Assert.False(state.Confirm(0));
        state.Begin(77, out _);
        state.Begin(78, out _);
        Assert.False(state.Confirm(77));
        Assert.True(state.Confirm(78));
        Assert.Equal(BankCondition.Good, state.B.Condition);
        Assert.False(state.Confirm(78));
    }

    [Fact]
    public void Switching_off_early_however_often_loses_no_good_bank()
    {
        BankState state = Of(BankSlot.A, _good, default);
        for (ulong i = 1; i < 1000; i++)
        {
            Assert.Equal(BankSlot.A, state.Begin(i, out bool changed));
            Assert.False(changed);
        }
    }

    [Fact]
    public void A_trial_that_cannot_be_loaded_is_bad_and_a_good_bank_that_cannot_stays_good()
    {
        BankState state = Of(BankSlot.B, _good, _trial);
        state.Begin(1, out _);
        Assert.Equal(BankSlot.A, state.PassOver(BankSlot.B, 1, out bool changed));
        Assert.Equal((true, BankCondition.Bad), (changed, state.B.Condition));
        Assert.Equal(BankSlot.None, state.PassOver(BankSlot.A, 1, out changed));
        Assert.Equal((false, BankCondition.Good), (changed, state.A.Condition));

        state = Of(BankSlot.A, _good, _good);
        Assert.Equal(BankSlot.B, state.PassOver(BankSlot.A, 1, out changed));
        Assert.Equal((false, BankSlot.A), (changed, state.Preferred));
    }

    [Fact]
    public void Going_back_needs_a_bank_to_go_back_to()
    {
        BankState state = Of(BankSlot.B, _good, _good);
        Assert.True(state.RollBack());
        Assert.Equal((BankSlot.A, BankCondition.Good), (state.Preferred, state.B.Condition));
        state = Of(BankSlot.B, _good, _trial);
        Assert.True(state.RollBack());
        Assert.Equal((BankSlot.A, BankCondition.Bad), (state.Preferred, state.B.Condition));
        state = Of(BankSlot.A, _good, new BankRecord { Condition = BankCondition.Bad });
        Assert.False(state.RollBack());
    }

    /// <summary>The invariant behind all of it: whatever happens, a bank that was good once is good, and one is started while there is one.
    /// </summary>
    [Fact]
    public void No_sequence_of_starts_confirmations_failures_and_requests_makes_a_good_bank_unstartable() =>
        Gen.Int[0, 5].Array[1, 40].Sample(events =>
        {
            BankState state = Of(BankSlot.B, _good, _trial);
            HashSet<BankSlot> good = [BankSlot.A];
            ulong attempt = 0;
            foreach (int what in events)
            {
                switch (what)
                {
                    case 0 or 1 or 2:
                        BankSlot slot = state.Begin(++attempt, out _);
                        Assert.NotEqual(BankSlot.None, slot);
                        if (what == 2)
                        {
                            state.PassOver(slot, attempt, out _);
                        }

                        break;
                    case 3:
                        if (state.Confirm(attempt))
                        {
                            good.Add(state.Preferred);
                        }

                        break;
                    case 4:
                        state.RollBack();
                        break;
                    default:
                        Assert.True(BankState.TryRead(Write(state), out state));
                        break;
                }

                Assert.All(good, slot => Assert.Equal(BankCondition.Good, state.Record(slot).Condition));
            }
        });

    private static BankState Of(BankSlot preferred, BankRecord a, BankRecord b)
    {
        BankState state = BankState.Manufactured(hasB: false);
        state.Preferred = preferred;
        state.A = a;
        state.B = b;
        return state;
    }

    private static byte[] Write(BankState state)
    {
        byte[] sector = new byte[BankState.Size];
        state.WriteNext(sector);
        return sector;
    }
}
