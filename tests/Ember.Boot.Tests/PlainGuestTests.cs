using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Ember.Guests;

namespace Ember.Boot.Tests;

/// <summary>The test guests on a PC of QEMU without the hypervisor: what they find there is right, so they may judge a virtual machine.</summary>
public sealed class PlainGuestTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Processors_start_interrupt_each_other_and_agree_on_time(int count)
    {
        IReadOnlyList<string> lines = await PlainMachine.RunAsync(SmpGuest.Build(count), count);
        Assert.Equal($"smp: {count} processors, {SmpGuest.InterruptsOf(count)} ipis, tsc ok", lines[^1]);
    }

    [Fact]
    public async Task Processors_that_want_one_lock_all_get_it()
    {
        IReadOnlyList<string> lines = await PlainMachine.RunAsync(SpinGuest.Build(4), 4);
        Assert.Equal(["spin done"], lines);
    }

    [Fact]
    public async Task Strings_go_out_of_ports_and_come_in() =>
        Assert.Equal(StringPortGuest.Lines, await PlainMachine.RunAsync(StringPortGuest.Build()));

    [Fact]
    public async Task A_busy_guest_counts_on()
    {
        IReadOnlyList<string> lines = await PlainMachine.RunAsync(
            BusyGuest.Build(100_000_000), lastLine: line => line != "busy");
        Assert.Equal("busy", lines[0]);
        Assert.True(long.Parse(lines[1]["busy ".Length..], CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task A_guest_that_sleeps_wakes_by_its_timer()
    {
        IReadOnlyList<string> lines = await PlainMachine.RunAsync(TickGuest.Build(200));
        Assert.StartsWith("tick period ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["tick 100 late ", "tick 200 late "], lines.Skip(1).Select(line => line[..(line.LastIndexOf(' ') + 1)]));
    }

    [Theory]
    [InlineData(QuitKind.PowerOff)]
    [InlineData(QuitKind.Reset)]
    [InlineData(QuitKind.TripleFault)]
    public async Task A_guest_that_quits_says_that_it_was_there(QuitKind kind)
    {
        Assert.Equal(["up"], await PlainMachine.RunAsync(QuitGuest.Build(kind, 20)));
    }

    [Fact]
    public async Task The_first_instruction_leaves_its_time()
    {
        string line = Assert.Single(await PlainMachine.RunAsync(FirstInstructionGuest.Build()));
        Assert.True(long.Parse(line["first ".Length..], CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task The_reader_finds_each_secret_that_the_writer_left()
    {
        IReadOnlyList<string> lines = await PlainMachine.RunAsync(
            SecretsGuest.Build(SecretsRole.Write | SecretsRole.Read, PlainMachine.MemoryMiB));
        Assert.Equal(
            [.. SecretsGuest.Places.Select(place => $"secrets: {place}"), $"secrets: {SecretsGuest.Places.Count} found"],
            lines.Where(line => !line.StartsWith("secrets: at ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_reader_finds_nothing_in_a_machine_that_was_just_switched_on()
    {
        Assert.Equal(
            ["secrets: none found"], await PlainMachine.RunAsync(SecretsGuest.Build(SecretsRole.Read, PlainMachine.MemoryMiB)));
        Assert.Empty(await PlainMachine.RunAsync(SecretsGuest.Build(SecretsRole.Write, PlainMachine.MemoryMiB)));
    }
}
