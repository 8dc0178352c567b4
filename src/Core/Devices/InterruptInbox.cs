using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Platform.Auditing;

namespace Ember.Core.Devices;

/// <summary>
/// What others have sent to a virtual processor's local APIC and it has not yet taken. Anyone may post at any time; only the virtual
/// processor itself takes, so that its local APIC needs no lock.
/// </summary>
public struct InterruptInbox
{
    private const int WordCount = 4;

    private Words _edges;
    private Words _levels;
    private int _signals;
    private byte _startUpVector;

    /// <summary>The vector of the last start-up interrupt.</summary>
    public readonly byte StartUpVector => _startUpVector;

    /// <summary>Leaves a message. Whoever does it then notifies the virtual processor.</summary>
    public void Post(in InterruptMessage message)
    {
        switch (message.Mode)
        {
            case DeliveryMode.Fixed or DeliveryMode.LowestPriority:
                ref Words words = ref message.Level ? ref _levels : ref _edges;
                Interlocked.Or(ref words[message.Vector >> 6], 1ul << (message.Vector & 63));
                break;
            case DeliveryMode.NonMaskable:
                Post(InboxSignals.NonMaskable);
                break;
            case DeliveryMode.Init:
                Post(InboxSignals.Init);
                break;
            case DeliveryMode.StartUp:
                Volatile.Write(ref _startUpVector, message.Vector);
                Post(InboxSignals.StartUp);
                break;
        }
    }

    /// <summary>Leaves a signal.</summary>
    [LoopBound(uint.MaxValue, "rounds: another's change came between, and each is one of few posts")]
    public void Post(InboxSignals signal)
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _signals);
        }
        while (Interlocked.CompareExchange(ref _signals, seen | (int)signal, seen) != seen);
    }

    /// <summary>Hands the vectors to the local APIC and gives the signals; the inbox is empty then.</summary>
    public InboxSignals Take(ref LocalApic apic)
    {
        var signals = (InboxSignals)Interlocked.Exchange(ref _signals, 0);
        TakeVectors(ref _levels, ref apic, true);
        TakeVectors(ref _edges, ref apic, false);
        return signals;
    }

    [LoopBound(WordCount, "words of a set of vectors")]
    [LoopBound(64, "bits of a word")]
    private static void TakeVectors(ref Words words, ref LocalApic apic, bool level)
    {
        for (int i = 0; i < WordCount; i++)
        {
            ulong word = Volatile.Read(ref words[i]) == 0 ? 0 : Interlocked.Exchange(ref words[i], 0);
            for (; word != 0; word &= word - 1)
            {
                byte vector = (byte)((i * 64) + BitOperations.TrailingZeroCount(word));
                apic.Accept(new InterruptMessage { Mode = DeliveryMode.Fixed, Vector = vector, Level = level });
            }
        }
    }

    [InlineArray(WordCount)]
    private struct Words
    {
        private ulong _first;
    }
}
