using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>Changes inputs.</summary>
internal static class Mutator
{
    private const int MostChangesPower = 3;

    /// <summary>An input with one, two or four changes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one, of which parts are taken.</param>
    /// <param name="target">Whose input it is.</param>
    /// <param name="dice">What is changed.</param>
    public static byte[] Mutate(byte[] input, byte[] other, FuzzTarget target, Dice dice)
    {
        byte[] mutated = [.. input];
        for (int i = 1 << dice.Below(MostChangesPower); i > 0; i--)
        {
            mutated = mutated.Length == 0 ? [(byte)dice.Next()] : Change(mutated, other, target, dice);
        }

        return mutated.Length > GuardedMemory.MaximumLength ? mutated[..GuardedMemory.MaximumLength] : mutated;
    }

    /// <summary>An input with a field set, as far as it reaches.</summary>
    public static byte[] Set(byte[] input, int offset, ReadOnlySpan<byte> value)
    {
        byte[] changed = [.. input];
        value[..Math.Min(value.Length, changed.Length - offset)].CopyTo(changed.AsSpan(offset));
        return changed;
    }

    private static byte[] Change(byte[] input, byte[] other, FuzzTarget target, Dice dice)
    {
        int at = dice.Below(input.Length);
        switch (dice.Below(12))
        {
            case 0:
                input[at] ^= (byte)(1 << dice.Below(8));
                return input;
            case 1:
                input[at] = (byte)dice.Next();
                return input;
            case 2:
                return Set(input, at, Number(FieldValues.Number(dice.Below(FieldValues.NumberCount)), 1 << dice.Below(4)));
            case 3:
                int size = 1 << dice.Below(4);
                byte[] current = input[at..Math.Min(at + size, input.Length)];
                return Set(input, at, Number(FieldValues.Read(current) + (ulong)(dice.Below(33) - 16), current.Length));
            case 4:
                return Copy(input, input, at, dice);
            case 5:
                return other.Length == 0 ? input : Copy(input, other, at, dice);
            case 6:
                return dice.Below(4) == 0 ? input[..at] : input;
            case 7:
                return [.. input, .. new byte[1 + dice.Below(64)]];
            case 8:
                return [.. input.AsSpan(0, at), .. other.AsSpan(Math.Min(at, other.Length))];
            default:
                return ChangeField(input, target, dice);
        }
    }

    private static byte[] Copy(byte[] input, byte[] source, int at, Dice dice)
    {
        int from = dice.Below(source.Length);
        int most = Math.Min(source.Length - from, input.Length - at);
        return Set(input, at, source.AsSpan(from, Math.Min(most, 1 + dice.Below(128))).ToArray());
    }

    private static byte[] ChangeField(byte[] input, FuzzTarget target, Dice dice)
    {
        StructurePlace[] places = [.. target.Places(input).Where(place => place.Offset < input.Length)];
        if (places.Length == 0)
        {
            return input;
        }

        StructurePlace place = places[dice.Below(places.Length)];
        StructureField[] fields = StructureLayout.FieldsOf(place.Type);
        StructureField field = fields[dice.Below(fields.Length)];
        int at = place.Offset + field.Offset;
        if (at >= input.Length)
        {
            return input;
        }

        List<byte[]> values = [.. FieldValues.Of(input[at..Math.Min(at + field.Size, input.Length)])];
        return Set(input, at, values[dice.Below(values.Count)]);
    }

    private static byte[] Number(ulong value, int length)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes[..length];
    }
}
