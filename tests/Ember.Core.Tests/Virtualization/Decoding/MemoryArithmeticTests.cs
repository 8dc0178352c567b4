using System.Numerics;
using CsCheck;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Decoding;

/// <summary>Results and flags against whole numbers without a width.</summary>
public sealed class MemoryArithmeticTests
{
    private static readonly ulong[] _borders = [0, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, long.MaxValue, ulong.MaxValue];

    private static readonly Gen<ulong> _operand = Gen.OneOf(
        Gen.ULong, Gen.Select(Gen.Int[0, _borders.Length - 1], Gen.ULong[0, 2], (border, more) => _borders[border] + more));

    [Fact]
    public void Every_operation_gives_the_result_and_the_flags_of_the_numbers() => Gen.Select(
        Gen.Int[(int)MemoryOperation.Add, (int)MemoryOperation.Test], _operand, _operand, Gen.Int[0, 3], Gen.ULong)
        .Sample((operation, left, right, size, flags) => Check((MemoryOperation)operation, left, right, 1 << size, flags), iter: 200_000);

    private static void Check(MemoryOperation operation, ulong left, ulong right, int bytes, ulong before)
    {
        BigInteger modulus = BigInteger.One << (bytes * 8);
        BigInteger a = left % modulus;
        BigInteger b = right % modulus;
        BigInteger carry = operation is MemoryOperation.AddWithCarry or MemoryOperation.SubtractWithBorrow ? before & 1 : 0;
        BigInteger exact = operation switch
        {
            MemoryOperation.Add or MemoryOperation.AddWithCarry => a + b + carry,
            MemoryOperation.Or => a | b,
            MemoryOperation.And or MemoryOperation.Test => a & b,
            MemoryOperation.ExclusiveOr => a ^ b,
            _ => a - b - carry,
        };
        bool adds = operation is MemoryOperation.Add or MemoryOperation.AddWithCarry;
        bool subtracts = operation is MemoryOperation.Subtract or MemoryOperation.SubtractWithBorrow or MemoryOperation.Compare;
        BigInteger signed = adds ? Signed(a) + Signed(b) + carry : subtracts ? Signed(a) - Signed(b) - carry : Signed(exact);
        BigInteger nibble = adds ? (a % 16) + (b % 16) + carry : subtracts ? (a % 16) - (b % 16) - carry : 0;
        BigInteger result = ((exact % modulus) + modulus) % modulus;
        ulong expected = (before & ~0x8D5ul)
            | (exact < 0 || exact >= modulus ? 1ul : 0)
            | (BitOperations.PopCount((ulong)(result & 0xFF)) % 2 == 0 ? 4ul : 0)
            | (nibble < 0 || nibble > 15 ? 0x10ul : 0)
            | (result == 0 ? 0x40ul : 0)
            | (result >= modulus / 2 ? 0x80ul : 0)
            | (signed < -(modulus / 2) || signed >= modulus / 2 ? 0x800ul : 0);
        ulong after = before;
        Assert.Equal((ulong)result, MemoryArithmetic.Compute(operation, left, right, bytes, ref after));
        Assert.Equal(expected, after);

        BigInteger Signed(BigInteger value) => value >= modulus / 2 ? value - modulus : value;
    }
}
