using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Ember.Sdk.Validation;

/// <summary>
/// Everything a machine sent over its serial port, as bytes, as text and as timed lines; one can wait for a text to come. Safe to
/// use from several threads.
/// </summary>
/// <param name="clock">The clock that times lines.</param>
public sealed class SerialLog(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly List<byte> _bytes = [];
    private readonly TerminalText _terminal = new();
    private readonly StringBuilder _line = new();
    private readonly StringBuilder _text = new();
    private readonly List<SerialLine> _lines = [];
    private readonly List<Waiter> _waiters = [];
    private TimeSpan _lineStart;
    private bool _complete;

    /// <summary>Called with every piece of bytes as it comes, in order.</summary>
    public Action<ReadOnlyMemory<byte>>? BytesReceived { get; set; }

    /// <summary>Called with every whole line, in order, before the bytes that ended it are reported.</summary>
    public Action<SerialLine>? LineReceived { get; set; }

    /// <summary>The time since the log, hence the machine, was started.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(_start);

    /// <summary>The whole lines so far.</summary>
    public IReadOnlyList<SerialLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>The plain text so far, with what came of an unfinished line.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return _text.ToString() + _line;
            }
        }
    }

    /// <summary>The bytes so far, as they came.</summary>
    public byte[] ToArray()
    {
        lock (_lock)
        {
            return [.. _bytes];
        }
    }

    /// <summary>Takes the next bytes from the machine.</summary>
    public void Append(ReadOnlyMemory<byte> bytes)
    {
        List<SerialLine> finished = [];
        List<Waiter> satisfied = [];
        lock (_lock)
        {
            _bytes.AddRange(bytes.Span);
            if (_line.Length == 0)
            {
                _lineStart = Elapsed;
            }

            _terminal.Append(bytes.Span, _line);
            TakeLines(finished);
            TakeSatisfied(satisfied);
        }

        foreach (SerialLine line in finished)
        {
            LineReceived?.Invoke(line);
        }

        BytesReceived?.Invoke(bytes);
        foreach (Waiter waiter in satisfied)
        {
            waiter.Seen.TrySetResult(true);
        }
    }

    /// <summary>Says that no more bytes will come: an unfinished line becomes a line, and nobody waits any longer.</summary>
    public void Complete()
    {
        SerialLine? last = null;
        List<Waiter> waiters;
        lock (_lock)
        {
            if (_complete)
            {
                return;
            }

            _complete = true;
            if (_line.Length != 0)
            {
                last = new SerialLine(_lineStart, _line.ToString());
                _lines.Add(last);
                _text.Append(_line);
                _line.Clear();
            }

            waiters = [.. _waiters];
            _waiters.Clear();
        }

        if (last is not null)
        {
            LineReceived?.Invoke(last);
        }

        foreach (Waiter waiter in waiters)
        {
            waiter.Seen.TrySetResult(false);
        }
    }

    /// <summary>
    /// Waits until <paramref name="text"/> has come, within one line, since the machine's start. False: the machine ended
    /// without it.
    /// </summary>
    public async Task<bool> WaitForAsync(string text, CancellationToken cancellation = default)
    {
        Waiter waiter = new(text);
        lock (_lock)
        {
            if ((_text.ToString() + _line).Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            if (_complete)
            {
                return false;
            }

            _waiters.Add(waiter);
        }

        return await waiter.Seen.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Waits until so many whole lines with <paramref name="text"/> in them have come since the machine's start. False: the machine ended
    /// with fewer.
    /// </summary>
    public async Task<bool> WaitForLinesAsync(string text, int count, CancellationToken cancellation = default)
    {
        Waiter waiter = new(text) { Missing = count };
        lock (_lock)
        {
            waiter.Missing -= _lines.FindAll(line => line.Text.Contains(text, StringComparison.Ordinal)).Count;
            if (waiter.Missing <= 0 || _complete)
            {
                return waiter.Missing <= 0;
            }

            _waiters.Add(waiter);
        }

        return await waiter.Seen.Task.WaitAsync(cancellation);
    }

    private void TakeLines(List<SerialLine> finished)
    {
        string pending = _line.ToString();
        int start = 0;
        for (int end = pending.IndexOf('\n', start); end >= 0; end = pending.IndexOf('\n', start))
        {
            SerialLine line = new(_lineStart, pending[start..end]);
            _lines.Add(line);
            _text.Append(line.Text).Append('\n');
            finished.Add(line);
            foreach (Waiter waiter in _waiters.FindAll(waiter => waiter.Missing > 0 && line.Text.Contains(waiter.Text, StringComparison.Ordinal)))
            {
                waiter.Missing--;
                waiter.Found = waiter.Missing == 0;
            }

            start = end + 1;
            _lineStart = Elapsed;
        }

        _line.Remove(0, start);
        foreach (Waiter waiter in _waiters)
        {
            waiter.Found |= waiter.Missing == 0 && pending.Contains(waiter.Text, StringComparison.Ordinal);
        }
    }

    private void TakeSatisfied(List<Waiter> satisfied)
    {
        satisfied.AddRange(_waiters.FindAll(waiter => waiter.Found));
        _waiters.RemoveAll(waiter => waiter.Found);
    }

    private sealed class Waiter(string text)
    {
        public string Text { get; } = text;

        /// <summary>Whole lines that have to come yet; 0 when any piece of text will do.</summary>
        public int Missing { get; set; }

        public bool Found { get; set; }

        public TaskCompletionSource<bool> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
