using System;
using System.Linq;
using System.Numerics;
using CsCheck;
using Ember.Formats.Signatures;

namespace Ember.Formats.Tests.Signatures;

public sealed class ModularPowerTests
{
    private static readonly Gen<uint> _exponent =
        Gen.OneOf(Gen.Const(3u), Gen.Const(65537u), Gen.UInt[3, uint.MaxValue].Select(e => e | 1));

    /// <summary>Limbs where carries come from: all ones, zeros, ones with a hole.</summary>
    private static readonly Gen<byte[]> _number = Gen.OneOf(
        Gen.Byte.Array[512],
        Gen.OneOf(Gen.Const((byte)0xFF), Gen.Const((byte)0), Gen.Byte).Array[512],
        Gen.OneOf(Gen.Const(uint.MaxValue), Gen.Const(0u), Gen.Const(1u), Gen.Const(0x8000_0000u)).Array[128]
            .Select(limbs => limbs.SelectMany(BitConverter.GetBytes).ToArray()));

    [Fact]
    public void Any_power_modulo_any_odd_number_is_what_dotnet_says()
    {
        Gen.Select(_number, _number, _exponent, Gen.Int[96, 128]).Sample(
            (modulusBytes, valueBytes, exponent, limbs) =>
            {
                byte[] modulus = modulusBytes[..(limbs * 4)];
                modulus[0] |= 0x80;
                modulus[^1] |= 1;
                BigInteger n = TestKey.Number(modulus);
                byte[] value = TestKey.Block(TestKey.Number(valueBytes.AsSpan(0, limbs * 4)) % n, modulus.Length);
                byte[] result = new byte[modulus.Length];

                bool raised = ModularPower.TryRaise(value, exponent, modulus, result);

                byte[] expected = TestKey.Block(BigInteger.ModPow(TestKey.Number(value), exponent, n), modulus.Length);
                return raised && result.AsSpan().SequenceEqual(expected);
            },
            iter: 1000);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void A_number_is_taken_only_below_the_modulus(int distance, bool taken)
    {
        byte[] modulus = TestKey.Bits3072.Modulus;
        byte[] value = TestKey.Block(TestKey.Number(modulus) + distance, modulus.Length);

        Assert.Equal(taken, ModularPower.TryRaise(value, 65537, modulus, new byte[modulus.Length]));
    }
}
