using System.Runtime.CompilerServices;

namespace Ember.Platform.Processors;

/// <summary>The APIC IDs of a machine's processors, each once, in the order in which the firmware names them.</summary>
public struct ProcessorList
{
    /// <summary>More than this are left alone.</summary>
    public const int MaximumCount = 64;

    private Ids _ids;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Processors that had no place.</summary>
    public int Omitted { get; private set; }

    /// <summary>Whether one has an APIC ID above 254, which only x2APIC mode can send to.</summary>
    public bool HasLongIds { get; private set; }

    /// <summary>The APIC ID at a place below <see cref="Count"/>.</summary>
    public readonly uint this[int index] => _ids[index];

    /// <summary>Adds a processor, unless it is there.</summary>
    public void Add(uint apicId)
    {
        if (Contains(apicId))
        {
            return;
        }

        if (Count == MaximumCount)
        {
            Omitted++;
            return;
        }

        _ids[Count++] = apicId;
        HasLongIds |= apicId > Interrupts.LocalApic.HighestShortId;
    }

    public readonly bool Contains(uint apicId)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_ids[i] == apicId)
            {
                return true;
            }
        }

        return false;
    }

    [InlineArray(MaximumCount)]
    private struct Ids
    {
        private uint _first;
    }
}
