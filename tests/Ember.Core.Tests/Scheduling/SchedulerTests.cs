using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Core.Scheduling;

namespace Ember.Core.Tests.Scheduling;

public sealed unsafe class SchedulerTests
{
    private const ulong Second = 1_000_000_000;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(100, 300)]
    [InlineData(1, 1)]
    [InlineData(10_000, 1)]
    [InlineData(7, 5)]
    public void Two_busy_ones_get_time_in_proportion_to_their_weights(uint one, uint other)
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* first = bench.Add(one * 16);
        SchedulingEntity* second = bench.Add(other * 16);
        bench.Run(1000 * Second);
        double share = first->RunTime / (double)(first->RunTime + second->RunTime);
        Assert.InRange(share, one / (double)(one + other) * 0.95, one / (double)(one + other) * 1.05);
    }

    [Fact]
    public void Thirty_two_busy_ones_all_get_their_turn_within_thirty_two_slices()
    {
        using SchedulerBench bench = new(1);
        var all = Enumerable.Range(0, 32).Select(_ => (nint)bench.Add()).ToList();
        for (int round = 1; round <= 20; round++)
        {
            bench.Run((ulong)round * 32 * Scheduler.Slice);
            Assert.All(all, one => Assert.InRange(
                ((SchedulingEntity*)one)->RunTime, (ulong)(round - 1) * Scheduler.Slice, (ulong)(round + 1) * Scheduler.Slice));
        }
    }

    /// <summary>However long the busy one has run, and however long the other has slept.</summary>
    [Fact]
    public void A_sleeper_that_wakes_next_to_a_busy_one_runs_at_once_and_does_not_keep_the_processor()
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* busy = bench.Add();
        SchedulingEntity* sleeper = bench.Add(ready: false);
        for (ulong at = Second; at < 20 * Second; at += Second)
        {
            bench.Run(at);
            Assert.True(bench.RunningOn(0) == busy);
            bench.Wake(sleeper);
            bench.Run(at);
            Assert.True(bench.RunningOn(0) == sleeper);
            bench.Run(at + (Scheduler.Slice * 3), entity => (entity == (nint)sleeper, Scheduler.Never));
            Assert.True(bench.RunningOn(0) == busy);
        }
    }

    [Fact]
    public void A_sleeper_wakes_at_its_time()
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* busy = bench.Add();
        SchedulingEntity* sleeper = bench.Add();
        ulong wakes = 0;
        bench.Run(Second, entity =>
        {
            wakes += entity == (nint)sleeper ? 1u : 0;
            return (entity == (nint)sleeper, bench.Now + 10_000_000);
        });
        Assert.InRange(wakes, 95u, 100u);
        Assert.InRange(busy->RunTime, Second * 97 / 100, Second);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(99)]
    public void A_cap_holds_although_the_processor_is_free_otherwise(uint percent)
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* capped = bench.Add(cap: percent);
        bench.Run(100 * Second);
        Assert.InRange(capped->RunTime, (percent - 1) * Second, (percent + 1) * Second);
    }

    [Fact]
    public void A_capped_one_cannot_be_woken_before_its_period()
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* capped = bench.Add(cap: 10);
        bench.Run(MachineShare.Period / 2);
        Assert.True(bench.RunningOn(0) == null);
        bench.Wake(capped);
        bench.Run((MachineShare.Period / 2) + 1);
        Assert.True(bench.RunningOn(0) == null);
        bench.Run(MachineShare.Period);
        Assert.True(bench.RunningOn(0) == capped);
    }

    [Fact]
    public void Processors_with_nothing_to_do_take_from_the_others()
    {
        using SchedulerBench bench = new(4);
        var all = Enumerable.Range(0, 8).Select(_ => (nint)bench.Add()).ToList();
        bench.Run(Second);
        var left = all.Take(4).ToHashSet();
        bench.Run(2 * Second, entity => (!left.Contains(entity), Scheduler.Never));
        bench.Run(10 * Second);
        bench.Settle();
        Assert.All(left, one => Assert.InRange(((SchedulingEntity*)one)->RunTime, 8 * Second, 10 * Second));
    }

    [Fact]
    public void Pinned_ones_stay_where_they_are_pinned()
    {
        using SchedulerBench bench = new(4);
        SchedulingEntity* one = bench.Add(affinity: 2);
        SchedulingEntity* other = bench.Add(affinity: 2);
        bench.Run(10 * Second);
        Assert.Equal(1, one->Home);
        Assert.Equal(1, other->Home);
        Assert.InRange(one->RunTime, 4 * Second, 6 * Second);
        Assert.InRange(other->RunTime, 4 * Second, 6 * Second);
    }

    [Fact]
    public void A_notice_on_the_way_to_sleep_is_not_lost()
    {
        using SchedulerBench bench = new(1);
        SchedulingEntity* entity = bench.Add();
        bench.Run(1);
        bench.Wake(entity);
        Assert.True(bench.Scheduler->Switch(0, TurnEnd.Halted, Scheduler.Never, 2, out _, out _) == entity);
        entity->TakeNotice();
        Assert.True(bench.Scheduler->Switch(0, TurnEnd.Halted, Scheduler.Never, 3, out ulong until, out _) == null);
        Assert.Equal(Scheduler.Never, until);
    }

    [Fact]
    public void One_that_has_left_is_not_run_or_woken_any_more()
    {
        using SchedulerBench bench = new(2);
        SchedulingEntity* entity = bench.Add();
        bench.Run(1);
        bench.Scheduler->Leave(entity->Home, 2);
        entity->Notice();
        Assert.Equal(0ul, bench.Scheduler->Wake(entity));
        Assert.True(bench.Scheduler->Switch(0, TurnEnd.Preempted, 0, 3, out _, out _) == null);
        Assert.True(bench.Scheduler->Switch(1, TurnEnd.Preempted, 0, 3, out _, out _) == null);
    }

    /// <summary>Whatever sleeps, wakes and is pinned: nobody is lost, nobody runs twice, and no processor idles while one waits for it.</summary>
    [Fact]
    public void Nobody_is_lost_whatever_happens() => Gen.Select(
        Gen.Int[1, 5], Gen.Select(Gen.UInt[1, 1000], Gen.ULong[1, 31]).Array[1, 12], Gen.Select(Gen.Int[0, 11], Gen.Int[0, 3]).Array[1, 60])
        .Sample((processors, entities, steps) =>
        {
            using SchedulerBench bench = new(processors);
            ulong all = bench.Scheduler->AllProcessors;
            var added = entities.Select(e => (nint)bench.Add(e.Item1, affinity: (e.Item2 & all) == 0 ? all : e.Item2)).ToList();
            var asleep = new HashSet<nint>();
            foreach ((int which, int what) in steps)
            {
                nint entity = added[which % added.Count];
                if (what == 0)
                {
                    asleep.Remove(entity);
                    bench.Wake((SchedulingEntity*)entity);
                }
                else if (what == 1)
                {
                    asleep.Add(entity);
                }

                bench.Run(bench.Now + (Scheduler.Slice * 2), running => (asleep.Contains(running), Scheduler.Never));
                Check(bench, processors, added, asleep);
            }
        });

    private static void Check(SchedulerBench bench, int processors, List<nint> added, HashSet<nint> asleep)
    {
        var running = Enumerable.Range(0, processors).Select(i => (nint)bench.RunningOn(i)).Where(one => one != 0).ToList();
        Assert.Equal(running.Count, running.Distinct().Count());
        foreach (nint one in added.Except(asleep).Except(running))
        {
            var entity = (SchedulingEntity*)one;
            Assert.Equal(EntityState.Ready, entity->State);
            for (int i = 0; i < processors; i++)
            {
                Assert.True(((entity->Affinity >> i) & 1) == 0 || bench.RunningOn(i) != null, "one waits and its processor idles");
            }
        }
    }
}
