using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;
using Decoder = Iced.Intel.Decoder;

namespace Ember.Sdk.Footprint.Comparison;

/// <summary>Digests of what symbols hold, apart from where the linker put it and what it refers to.</summary>
internal sealed class ContentHash(PeImage image, CompilerMap compiler)
{
    private const int AddressSize = sizeof(ulong);

    /// <summary>The compiler's own digest, which it made before there were addresses; else that of the linked bytes without them.</summary>
    public string Of(Symbol symbol)
    {
        if (compiler.Objects.TryGetValue(symbol.Name, out CompilerObject? made) && made.Hash.Length != 0)
        {
            return made.Hash;
        }

        byte[] bytes = image.At(symbol.Rva, symbol.Length).ToArray();
        if (symbol.IsCode)
        {
            ClearTargets(symbol, bytes);
        }

        foreach (uint fixup in image.Fixups.Where(fixup => fixup >= symbol.Rva && (ulong)fixup + AddressSize <= symbol.End))
        {
            Clear(bytes, (int)(fixup - symbol.Rva), AddressSize);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The digest of several pieces together, whatever their order.</summary>
    public static string Combine(string[] hashes) => hashes.Length == 1
        ? hashes[0]
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', hashes.Order(StringComparer.Ordinal)))));

    /// <summary>Clears what code refers to outside itself: that changes when anything moves.</summary>
    internal static void ClearTargets(Symbol symbol, byte[] bytes)
    {
        Decoder decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), symbol.Rva);
        while (decoder.IP < symbol.End && decoder.LastError != DecoderError.NoMoreBytes)
        {
            Instruction instruction = decoder.Decode();
            ConstantOffsets offsets = decoder.GetConstantOffsets(instruction);
            int start = (int)(instruction.IP - symbol.Rva);
            if (instruction.Op0Kind == OpKind.NearBranch64 && !IsInside(symbol, instruction.NearBranchTarget))
            {
                Clear(bytes, start + offsets.ImmediateOffset, offsets.ImmediateSize);
            }

            if (instruction.IsIPRelativeMemoryOperand && !IsInside(symbol, instruction.IPRelativeMemoryAddress))
            {
                Clear(bytes, start + offsets.DisplacementOffset, offsets.DisplacementSize);
            }
        }
    }

    private static bool IsInside(Symbol symbol, ulong rva) => rva >= symbol.Rva && rva < symbol.End;

    private static void Clear(byte[] bytes, int offset, int length)
    {
        // The file need not hold all of a symbol's bytes.
        if (offset + length <= bytes.Length)
        {
            bytes.AsSpan(offset, length).Clear();
        }
    }
}
