using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ember.Stubs.Assembly;

namespace Ember.Stubs.Tests.Assembly;

/// <summary>SHA-256 whose blocks the stub compresses; constants and padding are its own (FIPS 180-4, 4.2.2, 5.1.1 and 5.3.3).</summary>
internal sealed unsafe class StubSha256 : IDisposable
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 64;

    private const int Sha = 1 << 29;

    private static readonly uint[] _constants = [.. Primes(64).Select(prime => RootFraction(prime, 3))];

    private readonly ExecutableStub _stub = new(HashStubs.All.Single());

    /// <summary>Whether this processor has the instructions.</summary>
    public static bool IsSupported =>
        X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ebx & Sha) != 0;

    /// <summary>The state before the first block.</summary>
    public static uint[] InitialState { get; } = [.. Primes(8).Select(prime => RootFraction(prime, 2))];

    /// <summary>What <see cref="Compress"/> finds and leaves in XMM6 to XMM15.</summary>
    public Vector128<byte>[] Kept { get; } = new Vector128<byte>[ExecutableStub.KeptVectors];

    /// <summary>Has the stub compress blocks.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="blocks">A multiple of 64 bytes.</param>
    public void Compress(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        fixed (uint* words = state)
        fixed (byte* start = blocks)
        fixed (uint* constants = _constants)
        {
            _stub.Call(words, start, (nuint)(blocks.Length / BlockLength), constants, Kept);
        }
    }

    /// <summary>The digest of a message.</summary>
    /// <param name="message">What to hash.</param>
    /// <param name="blocksInFirstCall">The rest is left to a second call.</param>
    public byte[] Hash(ReadOnlySpan<byte> message, int blocksInFirstCall)
    {
        uint[] state = [.. InitialState];
        int whole = message.Length / BlockLength * BlockLength;
        int first = Math.Min(blocksInFirstCall * BlockLength, whole);
        Compress(state, message[..first]);
        Compress(state, message[first..whole]);
        ReadOnlySpan<byte> rest = message[whole..];
        byte[] padded = new byte[rest.Length < BlockLength - sizeof(ulong) ? BlockLength : 2 * BlockLength];
        rest.CopyTo(padded);
        padded[rest.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(padded.AsSpan(padded.Length - sizeof(ulong)), (ulong)message.Length * 8);
        Compress(state, padded);
        byte[] digest = new byte[state.Length * sizeof(uint)];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * sizeof(uint)), state[i]);
        }

        return digest;
    }

    /// <inheritdoc/>
    public void Dispose() => _stub.Dispose();

    private static IEnumerable<int> Primes(int count) =>
        Enumerable.Range(2, int.MaxValue - 2).Where(n => Enumerable.Range(2, n - 2).All(divisor => n % divisor != 0)).Take(count);

    /// <summary>The first 32 bits behind the point of a number's root.</summary>
    private static uint RootFraction(int number, int degree)
    {
        BigInteger scaled = (BigInteger)number << (32 * degree);
        BigInteger root = 0;
        for (int bit = 40; bit >= 0; bit--)
        {
            BigInteger tried = root | (BigInteger.One << bit);
            root = BigInteger.Pow(tried, degree) <= scaled ? tried : root;
        }

        return (uint)(root & uint.MaxValue);
    }
}
