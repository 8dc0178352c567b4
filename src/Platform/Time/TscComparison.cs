using System.Threading;
using Ember.Platform.Processors;

namespace Ember.Platform.Time;

/// <summary>
/// Compares the time-stamp counters of two processors: one asks several times, the other one answers with its count. The question that
/// was answered fastest says most.
/// </summary>
public struct TscComparison
{
    private const int Questions = 32;
    private const int Over = -1;

    /// <summary>Odd: a question is open. Even: it is answered.</summary>
    private int _turn;

    private ulong _answer;

    /// <summary>Answers until the other processor has asked enough.</summary>
    public void Answer()
    {
        int turn;
        while ((turn = Volatile.Read(ref _turn)) != Over)
        {
            if ((turn & 1) != 0)
            {
                _answer = Cpu.ReadTimeStampCounter();
                Volatile.Write(ref _turn, turn + 1);
            }

            Cpu.Pause();
        }
    }

    /// <summary>Asks, and lets the other processor go.</summary>
    /// <param name="patience">Ticks that an answer may take.</param>
    /// <param name="difference">Ticks that the other counter is certainly ahead of this one, or behind it if negative.</param>
    /// <returns>False when an answer did not come.</returns>
    public bool TryAsk(ulong patience, out long difference)
    {
        ulong best = ulong.MaxValue;
        long ahead = 0;
        bool answered = true;
        for (int turn = 1; turn < Questions * 2 && answered; turn += 2)
        {
            ulong asked = Cpu.ReadTimeStampCounter();
            Volatile.Write(ref _turn, turn);
            while (!(answered = Volatile.Read(ref _turn) != turn) && Cpu.ReadTimeStampCounter() - asked < patience)
            {
                Cpu.Pause();
            }

            ulong took = Cpu.ReadTimeStampCounter() - asked;
            if (answered && took < best)
            {
                best = took;
                ahead = (long)(_answer - asked - (took / 2));
            }
        }

        Volatile.Write(ref _turn, Over);
        long doubt = (long)(best / 2);
        difference = ahead > doubt ? ahead - doubt : ahead < -doubt ? ahead + doubt : 0;
        return answered;
    }
}
