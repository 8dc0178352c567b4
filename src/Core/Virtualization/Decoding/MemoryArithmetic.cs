namespace Ember.Core.Virtualization.Decoding;

/// <summary>The arithmetic of instructions that were taken apart, and its flags (AMD APM volume 3, chapter 3).</summary>
public static class MemoryArithmetic
{
    private const ulong Carry = 1 << 0;
    private const ulong Parity = 1 << 2;
    private const ulong Auxiliary = 1 << 4;
    private const ulong Zero = 1 << 6;
    private const ulong Sign = 1 << 7;
    private const ulong Overflow = 1 << 11;
    private const ulong All = Carry | Parity | Auxiliary | Zero | Sign | Overflow;

    /// <summary>A bit for each nibble with an even number of ones.</summary>
    private const int EvenNibbles = 0x9669;

    /// <summary>Does what an operation from <see cref="MemoryOperation.Add"/> to <see cref="MemoryOperation.Test"/> does.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="left">The destination; bits behind its size do not count.</param>
    /// <param name="right">The source, likewise.</param>
    /// <param name="bytes">Size of both: 1, 2, 4 or 8.</param>
    /// <param name="flags">RFLAGS before and after. What the manual leaves undefined is 0.</param>
    /// <returns>The result, zero-extended, also of the two that keep only the flags.</returns>
    public static ulong Compute(MemoryOperation operation, ulong left, ulong right, int bytes, ref ulong flags)
    {
        int unused = 64 - (bytes * 8);
        ulong mask = ulong.MaxValue >> unused;
        ulong top = mask ^ (mask >> 1);
        left &= mask;
        right &= mask;
        ulong carry = operation is MemoryOperation.AddWithCarry or MemoryOperation.SubtractWithBorrow ? flags & Carry : 0;
        ulong result;
        ulong carries = 0;
        ulong overflow = 0;
        switch (operation)
        {
            case MemoryOperation.Add or MemoryOperation.AddWithCarry:
                result = (left + right + carry) & mask;
                carries = (left & right) | ((left | right) & ~result);
                overflow = (left ^ result) & (right ^ result);
                break;
            case MemoryOperation.Subtract or MemoryOperation.SubtractWithBorrow or MemoryOperation.Compare:
                result = (left - right - carry) & mask;
                carries = (~left & right) | ((~left | right) & result);
                overflow = (left ^ right) & (left ^ result);
                break;
            case MemoryOperation.Or:
                result = left | right;
                break;
            case MemoryOperation.ExclusiveOr:
                result = left ^ right;
                break;
            default:
                result = left & right;
                break;
        }

        int nibbles = (int)((result ^ (result >> 4)) & 0xF);
        flags = (flags & ~All)
            | ((carries & top) != 0 ? Carry : 0)
            | (((EvenNibbles >> nibbles) & 1) != 0 ? Parity : 0)
            | ((carries & 8) != 0 ? Auxiliary : 0)
            | (result == 0 ? Zero : 0)
            | ((result & top) != 0 ? Sign : 0)
            | ((overflow & top) != 0 ? Overflow : 0);
        return result;
    }
}
