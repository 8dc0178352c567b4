using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>A bit for each of the 256 interrupt vectors: IRR, ISR and TMR of a local APIC.</summary>
public struct VectorSet
{
    private ulong _word0;
    private ulong _word1;
    private ulong _word2;
    private ulong _word3;

    /// <summary>The highest vector in the set, -1 if it is empty.</summary>
    public readonly int Highest
    {
        get
        {
            if (_word3 != 0)
            {
                return 192 + BitOperations.Log2(_word3);
            }

            if (_word2 != 0)
            {
                return 128 + BitOperations.Log2(_word2);
            }

            if (_word1 != 0)
            {
                return 64 + BitOperations.Log2(_word1);
            }

            return _word0 != 0 ? BitOperations.Log2(_word0) : -1;
        }
    }

    /// <summary>One of the eight 32-bit registers that show the set.</summary>
    public readonly uint Register(int index) => (uint)(WordOf((byte)(index << 5)) >> ((index & 1) << 5));

    public readonly bool Contains(byte vector) => ((WordOf(vector) >> (vector & 63)) & 1) != 0;

    public void Add(byte vector) => WordOf(vector) |= 1ul << (vector & 63);

    public void Remove(byte vector) => WordOf(vector) &= ~(1ul << (vector & 63));

    // A vector is a byte, so its word is one of the four: no check is needed on the way of every interrupt.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ref ulong WordOf(byte vector) => ref Unsafe.Add(ref Unsafe.AsRef(in _word0), vector >> 6);
}
