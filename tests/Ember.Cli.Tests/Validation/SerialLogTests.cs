using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class SerialLogTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Lines_are_put_together_and_timed_by_their_first_byte()
    {
        SerialLog log = new(_clock);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Send(log, "ember: Em");
        _clock.Advance(TimeSpan.FromSeconds(1));
        Send(log, "ber\r\nember: two\r\n# ");
        Assert.Equal(
            [new SerialLine(TimeSpan.FromSeconds(1), "ember: Ember"), new SerialLine(TimeSpan.FromSeconds(2), "ember: two")],
            log.Lines);
        Assert.Equal("ember: Ember\nember: two\n# ", log.Text);
    }

    [Fact]
    public void An_unfinished_line_is_a_line_once_the_machine_has_ended()
    {
        SerialLog log = new(_clock);
        Send(log, "last words");
        Assert.Empty(log.Lines);
        log.Complete();
        Assert.Equal(["last words"], log.Lines.Select(line => line.Text));
    }

    [Theory]
    [InlineData("boot timer 1")]
    [InlineData("timer 1 at")]
    public async Task A_text_is_found_whether_it_came_before_or_comes_in_pieces(string text)
    {
        SerialLog log = new(_clock);
        Task<bool> early = log.WaitForAsync(text);
        Send(log, "ember: vm linux: boot ti");
        Assert.False(early.IsCompleted);
        Send(log, "mer 1 at 2.0 s\r\nmore");
        Assert.True(await early);
        Assert.True(await log.WaitForAsync(text));
    }

    [Fact]
    public async Task A_prompt_without_a_line_end_is_found()
    {
        SerialLog log = new(_clock);
        Task<bool> prompt = log.WaitForAsync("/ # ");
        Send(log, "\x1B[6n/ # ");
        Assert.True(await prompt);
    }

    [Fact]
    public async Task Waiting_ends_with_the_machine()
    {
        SerialLog log = new(_clock);
        Task<bool> waiting = log.WaitForAsync("never");
        log.Complete();
        Assert.False(await waiting);
        Assert.False(await log.WaitForAsync("never"));
    }

    [Fact]
    public async Task Waiting_can_be_cancelled()
    {
        SerialLog log = new(_clock);
        using CancellationTokenSource cancellation = new();
        Task<bool> waiting = log.WaitForAsync("never", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Every_byte_is_kept_and_reported_as_it_came()
    {
        SerialLog log = new(_clock);
        List<byte> reported = [];
        log.BytesReceived = bytes => reported.AddRange(bytes.Span);
        byte[] sent = [0x1B, (byte)'[', (byte)'2', (byte)'J', 0xFF, 0];
        log.Append(sent);
        Assert.Equal(sent, reported);
        Assert.Equal(sent, log.ToArray());
    }

    private static void Send(SerialLog log, string text) => log.Append(Encoding.UTF8.GetBytes(text));
}
