using System.Runtime.CompilerServices;
using System.Threading;

namespace Ember.Core.Console;

/// <summary>
/// Bytes on their way from the console to a virtual machine: one processor adds them, one at a time takes them, without a lock.
/// </summary>
internal struct InputRing
{
    /// <summary>Bytes it holds.</summary>
    public const int Capacity = 256;

    // Free-running: the difference is the number of bytes, the low bits are the place.
    private uint _head;
    private uint _tail;
    private Storage _bytes;

    /// <summary>Whether a byte waits.</summary>
    public readonly bool HasInput => Volatile.Read(in _head) != Volatile.Read(in _tail);

    /// <summary>Whether there is room for a byte.</summary>
    public readonly bool HasRoom => _tail - Volatile.Read(in _head) < Capacity;

    /// <summary>Adds a byte; false, and nothing changed, while it is full.</summary>
    public bool TryAdd(byte value)
    {
        if (!HasRoom)
        {
            return false;
        }

        _bytes[(int)(_tail % Capacity)] = value;
        Volatile.Write(ref _tail, _tail + 1);
        return true;
    }

    /// <summary>Takes the oldest byte; false if there is none.</summary>
    public bool TryTake(out byte value)
    {
        value = 0;
        if (_head == Volatile.Read(in _tail))
        {
            return false;
        }

        value = _bytes[(int)(_head % Capacity)];
        Volatile.Write(ref _head, _head + 1);
        return true;
    }

    [InlineArray(Capacity)]
    private struct Storage
    {
        private byte _first;
    }
}
