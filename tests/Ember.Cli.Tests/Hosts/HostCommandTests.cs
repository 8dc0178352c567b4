using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests.Hosts;

public sealed class HostCommandTests
{
    [Fact]
    public async Task Output_error_and_exit_code_are_told_apart()
    {
        using TemporaryFolder folder = new();
        folder.WriteProgram("tool", "echo \"[$1]\"; echo two words >&2; exit 7");
        List<string> lines = [];
        HostCommand command = new("tool", "a b") { LineReceived = line => { lock (lines) { lines.Add(line); } } };
        HostCommandResult result = await command.RunAsync(folder.Host);
        Assert.Equal(new HostCommandResult(7, "[a b]\n", "two words\n"), result);
        Assert.Equal(2, lines.Count);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = new();
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => new HostCommand("frobnicate").RunAsync(folder.Host));
        Assert.Equal(3, e.ExitCode);
        Assert.StartsWith("'frobnicate' not found;", e.Message);
    }

    [Fact]
    public async Task Standard_input_is_empty_and_variables_arrive()
    {
        using TemporaryFolder folder = new();
        folder.WriteProgram("tool", "cat; echo $FLAVOUR");
        HostCommand command = new("tool") { Variables = new Dictionary<string, string> { ["FLAVOUR"] = "bitter" } };
        Assert.Equal("bitter\n", (await command.RunAsync(folder.Host)).Output);
    }

    [Fact]
    public async Task Cancelling_kills_what_runs()
    {
        using TemporaryFolder folder = new();
        folder.WriteProgram("tool", "echo started; exec sleep 600");
        using CancellationTokenSource cancellation = new();
        HostCommand command = new("tool") { LineReceived = _ => cancellation.Cancel() };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.RunAsync(folder.Host, cancellation.Token));
    }
}
