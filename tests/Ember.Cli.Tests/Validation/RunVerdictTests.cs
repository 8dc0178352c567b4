using System;
using System.Collections.Generic;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class RunVerdictTests
{
    private static readonly IReadOnlyList<SerialLine> _complete = RecordedLog.Read(RecordedLog.Complete);

    [Fact]
    public void User_space_and_power_off_are_what_a_run_is_for()
    {
        Assert.True(Judge(_complete, MachineEnd.PoweredOff).Passed);
    }

    [Fact]
    public void A_reset_after_user_space_is_no_power_off()
    {
        Assert.Equal(
            "the guest reached user space, but then the machine was reset; the last it said was 'ember: powering off'",
            Judge(_complete, MachineEnd.Reset).Reason);
    }

    [Fact]
    public void A_power_off_before_user_space_names_the_last_line_of_the_core()
    {
        Assert.Equal(
            "the machine powered off before the guest reached user space and powered off; "
            + "the last it said was 'ember: vm linux running'",
            Judge(RecordedLog.Before("boot timer"), MachineEnd.PoweredOff).Reason);
    }

    [Theory]
    [InlineData("ember: vm db: boot timer 1 at 1.000 s", null)]
    [InlineData("ember: vm db: boot timer 2 at 1.000 s", "ember: vm db: boot timer 2 at 1.000 s")]
    [InlineData("db| ember: vm db: boot timer 1 at 1.000 s", "ember: vm db running")]
    public void Of_several_guests_each_has_to_reach_user_space(string line, string? last)
    {
        SerialLine running = new(TimeSpan.FromSeconds(7), "ember: vm db running");
        Assert.Equal(
            last is null ? null : $"the machine powered off before vm 'db' reached user space; the last it said was '{last}'",
            Judge([.. _complete, running, new SerialLine(TimeSpan.FromSeconds(8), line)], MachineEnd.PoweredOff).Reason);
    }

    [Fact]
    public void A_fault_of_the_core_is_the_reason_even_after_user_space()
    {
        SerialLine fault = new(TimeSpan.FromSeconds(7), "ember: fault: #PF at 0xffff800000001234");
        Assert.Equal(
            "the core faulted: ember: fault: #PF at 0xffff800000001234",
            Judge([.. _complete, fault], MachineEnd.Reset).Reason);
    }

    [Fact]
    public void A_stopped_guest_is_the_reason_although_the_machine_powered_off()
    {
        SerialLine stopped = new(TimeSpan.FromSeconds(5), "ember: vm linux: stopped: triple fault");
        Assert.Equal(
            "the guest was stopped: ember: vm linux: stopped: triple fault",
            Judge([.. RecordedLog.Before("boot timer"), stopped], MachineEnd.PoweredOff).Reason);
    }

    [Fact]
    public void A_core_that_stays_for_its_lines_to_be_read_gives_the_last_of_them()
    {
        SerialLine why = new(TimeSpan.FromSeconds(5), "ember: vmlinuz: SHA-256 differs from the plan");
        SerialLine stays = new(TimeSpan.FromSeconds(5), "ember: stopped: read the lines above, then switch off or reset");
        Assert.Equal(
            "the core stopped; before that it said 'ember: vmlinuz: SHA-256 differs from the plan'",
            Judge([.. RecordedLog.Before("vmlinuz"), why, stays], MachineEnd.None).Reason);
    }

    [Fact]
    public void A_timeout_says_how_long_and_where_it_stood()
    {
        RunVerdict verdict = RunVerdict.Judge(
            RecordedLog.Before("vmlinuz"), MachineEnd.None, null, untilSeen: false, TimeSpan.FromSeconds(60), "");
        Assert.Equal(
            "60 s passed before the guest reached user space and powered off; "
            + "the last it said was 'ember: appliance.plan verified: Ember USB key 0.1.0'",
            verdict.Reason);
    }

    [Fact]
    public void A_machine_that_never_spoke_is_told_from_one_whose_firmware_did()
    {
        Assert.EndsWith("; nothing came over its serial port", Judge([], MachineEnd.PoweredOff).Reason);
        Assert.EndsWith("; the last it said was 'BdsDxe: No bootable option'", Judge(
            [new SerialLine(TimeSpan.Zero, "BdsDxe: No bootable option"), new SerialLine(TimeSpan.Zero, " ")],
            MachineEnd.PoweredOff).Reason);
    }

    [Fact]
    public void An_emulator_that_died_gives_its_own_words()
    {
        RunVerdict verdict = RunVerdict.Judge(
            _complete, MachineEnd.EmulatorDied, null, untilSeen: false, null, "could not map memory");
        Assert.Equal("the emulator ended by itself: could not map memory", verdict.Reason);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "the machine powered off before 'login:' came; the last it said was 'ember: powering off'")]
    public void A_text_waited_for_decides_alone(bool seen, string? reason)
    {
        Assert.Equal(reason, RunVerdict.Judge(_complete, MachineEnd.PoweredOff, "login:", seen, null, "").Reason);
    }

    private static RunVerdict Judge(IReadOnlyList<SerialLine> lines, MachineEnd end) =>
        RunVerdict.Judge(lines, end, until: null, untilSeen: false, timedOutAfter: null, emulatorError: "");
}
