using System.Runtime.CompilerServices;
using Ember.Formats;

namespace Ember.Core.Devices;

/// <summary>One port that a guest writes a byte to when it has come somewhere: what it wrote and when, for the log.</summary>
public struct BootTimer
{
    /// <summary>The port.</summary>
    public const ushort Port = BootTimerPort.Number;

    private const int Capacity = 8;

    [InlineArray(Capacity)]
    private struct Values
    {
        private byte _first;
    }

    [InlineArray(Capacity)]
    private struct Times
    {
        private ulong _first;
    }

    private Values _values;
    private Times _times;
    private byte _head;
    private byte _tail;

    /// <summary>Remembers a write; while eight wait to be taken, further ones are dropped.</summary>
    public void Write(byte value, ulong now)
    {
        if ((byte)(_tail - _head) < Capacity)
        {
            int place = _tail++ % Capacity;
            _values[place] = value;
            _times[place] = now;
        }
    }

    /// <summary>Whether <see cref="TryTake"/> would give one.</summary>
    public readonly bool HasAny => _head != _tail;

    /// <summary>Gives the oldest write.</summary>
    /// <param name="value">The byte written.</param>
    /// <param name="at">Nanoseconds since the VM started.</param>
    public bool TryTake(out byte value, out ulong at)
    {
        if (_head == _tail)
        {
            value = 0;
            at = 0;
            return false;
        }

        int place = _head++ % Capacity;
        value = _values[place];
        at = _times[place];
        return true;
    }
}
