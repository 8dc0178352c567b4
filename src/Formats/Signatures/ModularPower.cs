using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ember.Formats.Signatures;

/// <summary>
/// Powers modulo an odd number of 3072 to 4096 bits, in Montgomery's representation (Menezes, van Oorschot, Vanstone: Handbook of
/// Applied Cryptography, 14.36 and 14.94): a number x stands for x * R modulo n, where R is 2 to the power of n's bits. Every number
/// here is public: how long it takes may depend on them. Limbs have 32 bits, so that a product and two carries fit in 64.
/// </summary>
internal static unsafe class ModularPower
{
    /// <summary>The longest modulus, in bytes.</summary>
    public const int MaximumLength = 512;

    private const int MaximumLimbs = MaximumLength / sizeof(uint);
    private const int SquaringsOfLimb = 5;

    /// <summary>Raises a number to a power, modulo another.</summary>
    /// <param name="value">The number, big-endian, as long as the modulus.</param>
    /// <param name="exponent">The power, odd and 3 at least.</param>
    /// <param name="modulus">The modulus, big-endian: a multiple of four bytes, <see cref="MaximumLength"/> at most, the highest and the
    /// lowest bit set.</param>
    /// <param name="result">Receives the result, big-endian, as long as the modulus.</param>
    /// <returns>False, and no result, when the number is not below the modulus.</returns>
    public static bool TryRaise(ReadOnlySpan<byte> value, uint exponent, ReadOnlySpan<byte> modulus, Span<byte> result)
    {
        Limbs modulusLimbs, valueLimbs, powerLimbs, inRepresentationLimbs;
        uint* n = (uint*)&modulusLimbs;
        uint* plain = (uint*)&valueLimbs;
        uint* power = (uint*)&powerLimbs;
        uint* represented = (uint*)&inRepresentationLimbs;
        int count = modulus.Length / sizeof(uint);
        Load(modulus, n);
        Load(value, plain);
        if (!IsBelow(plain, n, count))
        {
            return false;
        }

        uint inverse = NegativeInverse(n[0]);
        RepresentR(n, count, inverse, power);
        Multiply(plain, power, represented, n, count, inverse);
        Multiply(plain, power, power, n, count, inverse);
        int bit = 31;
        while (exponent >> bit == 0)
        {
            bit--;
        }

        while (--bit >= 0)
        {
            Multiply(power, power, power, n, count, inverse);
            if (((exponent >> bit) & 1) != 0)
            {
                // The last factor is the plain number: that takes the result out of the representation.
                Multiply(power, bit == 0 ? plain : represented, power, n, count, inverse);
            }
        }

        Store(power, result);
        return true;
    }

    /// <summary>R itself in the representation: R * R modulo n.</summary>
    private static void RepresentR(uint* n, int count, uint inverse, uint* result)
    {
        // R - n, which represents 1: n is odd and above half of R, so nothing carries and nothing is left to subtract.
        for (int i = 0; i < count; i++)
        {
            result[i] = ~n[i];
        }

        result[0]++;

        // R is 2 to the power of 32 * count. Doubling gives the power of count, squaring five times multiplies that by 32.
        for (int i = 0; i < count; i++)
        {
            Double(result, n, count);
        }

        for (int i = 0; i < SquaringsOfLimb; i++)
        {
            Multiply(result, result, result, n, count, inverse);
        }
    }

    /// <summary>x * y / R modulo n. The result may lie where x or y does.</summary>
    private static void Multiply(uint* x, uint* y, uint* result, uint* n, int count, uint inverse)
    {
        Limbs sumLimbs;
        uint* sum = (uint*)&sumLimbs;
        new Span<uint>(sum, count).Clear();
        uint top = 0;
        for (int i = 0; i < count; i++)
        {
            ulong factor = x[i];
            ulong product = (factor * y[0]) + sum[0];
            ulong multiple = (uint)product * inverse;
            ulong reduced = (multiple * n[0]) + (uint)product;
            for (int j = 1; j < count; j++)
            {
                product = (factor * y[j]) + sum[j] + (product >> 32);
                reduced = (multiple * n[j]) + (uint)product + (reduced >> 32);
                sum[j - 1] = (uint)reduced;
            }

            reduced = (product >> 32) + (reduced >> 32) + top;
            sum[count - 1] = (uint)reduced;
            top = (uint)(reduced >> 32);
        }

        Reduce(sum, top, n, count, result);
    }

    private static void Double(uint* x, uint* n, int count)
    {
        uint carry = 0;
        for (int i = 0; i < count; i++)
        {
            uint limb = x[i];
            x[i] = (limb << 1) | carry;
            carry = limb >> 31;
        }

        Reduce(x, carry, n, count, x);
    }

    /// <summary>The sum, or the sum less n where it is not below n.</summary>
    private static void Reduce(uint* sum, uint top, uint* n, int count, uint* result)
    {
        uint mask = top != 0 || !IsBelow(sum, n, count) ? uint.MaxValue : 0;
        long borrow = 0;
        for (int i = 0; i < count; i++)
        {
            borrow += (long)sum[i] - (n[i] & mask);
            result[i] = (uint)borrow;
            borrow >>= 32;
        }
    }

    private static bool IsBelow(uint* x, uint* y, int count)
    {
        int i = count - 1;
        while (i > 0 && x[i] == y[i])
        {
            i--;
        }

        return x[i] < y[i];
    }

    /// <summary>-1 / <paramref name="odd"/> modulo 2 to the power of 32, by Newton's method: 3 right bits, 6, 12, 24, 48.</summary>
    private static uint NegativeInverse(uint odd)
    {
        uint inverse = odd;
        for (int i = 0; i < 4; i++)
        {
            inverse *= 2 - (odd * inverse);
        }

        return 0 - inverse;
    }

    private static void Load(ReadOnlySpan<byte> bigEndian, uint* limbs)
    {
        for (int end = bigEndian.Length; end > 0; end -= sizeof(uint))
        {
            *limbs++ = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(in bigEndian[end - sizeof(uint)]));
        }
    }

    private static void Store(uint* limbs, Span<byte> bigEndian)
    {
        for (int end = bigEndian.Length; end > 0; end -= sizeof(uint))
        {
            Unsafe.WriteUnaligned(ref bigEndian[end - sizeof(uint)], BinaryPrimitives.ReverseEndianness(*limbs++));
        }
    }

    [InlineArray(MaximumLimbs)]
    private struct Limbs
    {
        private uint _limb;
    }
}
