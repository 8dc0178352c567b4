using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>A bit for each of the 256 interrupt vectors: IRR, ISR and TMR of a local APIC.</summary>
[InlineArray(4)]
public struct VectorSet
{
    private ulong _first;

    /// <summary>The highest vector in the set, -1 if it is empty.</summary>
    public readonly int Highest
    {
        get
        {
            for (int i = 3; i >= 0; i--)
            {
                ulong word = this[i];
                if (word != 0)
                {
                    return (i << 6) + BitOperations.Log2(word);
                }
            }

            return -1;
        }
    }

    /// <summary>One of the eight 32-bit registers that show the set.</summary>
    public readonly uint Register(int index) => (uint)(this[(index >> 1) & 3] >> ((index & 1) << 5));

    public readonly bool Contains(byte vector) => ((this[vector >> 6] >> (vector & 63)) & 1) != 0;

    public void Add(byte vector) => this[vector >> 6] |= 1ul << (vector & 63);

    public void Remove(byte vector) => this[vector >> 6] &= ~(1ul << (vector & 63));
}
