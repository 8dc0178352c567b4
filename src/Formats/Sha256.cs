using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ember.Formats;

/// <summary>SHA-256 (FIPS 180-4) of a stream of bytes: <see cref="Initialize"/>, any number of <see cref="Append"/>,
/// one <see cref="Finish"/>. Holds no pointer, so a copy continues independently.</summary>
public unsafe partial struct Sha256
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = 32;

    private const int BlockLength = 64;
    private const int LengthPosition = 56;

    private StateWords _state;
    private Block _block;
    private ulong _length;

    /// <summary>Round constants: FIPS 180-4, 4.2.2.</summary>
    private static ReadOnlySpan<uint> K =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>The initial hash value: FIPS 180-4, 5.3.3.</summary>
    private static ReadOnlySpan<uint> InitialState =>
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>The digest of one run of bytes.</summary>
    /// <param name="bytes">What to hash.</param>
    /// <param name="digest">Receives 32 bytes.</param>
    public static void Hash(ReadOnlySpan<byte> bytes, Span<byte> digest)
    {
        Sha256 hash = default;
        hash.Initialize();
        hash.Append(bytes);
        hash.Finish(digest);
    }

    /// <summary>Starts a new digest.</summary>
    public void Initialize()
    {
        for (int i = 0; i < InitialState.Length; i++)
        {
            _state[i] = InitialState[i];
        }

        _length = 0;
    }

    /// <summary>Adds bytes to the stream.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int held = (int)(_length % BlockLength);
        _length += (uint)bytes.Length;
        fixed (byte* source = bytes)
        fixed (Block* block = &_block)
        {
            byte* next = source;
            byte* end = source + bytes.Length;
            if (held != 0)
            {
                while (held < BlockLength && next < end)
                {
                    ((byte*)block)[held++] = *next++;
                }

                if (held < BlockLength)
                {
                    return;
                }

                Compress((byte*)block, 1);
            }

            nuint blocks = (nuint)(end - next) / BlockLength;
            Compress(next, blocks);
            next += blocks * BlockLength;
            for (byte* kept = (byte*)block; next < end; kept++)
            {
                *kept = *next++;
            }
        }
    }

    /// <summary>Ends the stream. <see cref="Initialize"/> before the next one.</summary>
    /// <param name="digest">Receives 32 bytes.</param>
    public void Finish(Span<byte> digest)
    {
        int held = (int)(_length % BlockLength);
        fixed (Block* block = &_block)
        {
            byte* bytes = (byte*)block;
            bytes[held++] = 0x80;
            while (held != LengthPosition)
            {
                if (held == BlockLength)
                {
                    Compress(bytes, 1);
                    held = 0;
                }

                bytes[held++] = 0;
            }

            Unsafe.WriteUnaligned(bytes + LengthPosition, BinaryPrimitives.ReverseEndianness(_length * 8));
            Compress(bytes, 1);
        }

        fixed (byte* destination = digest.Slice(0, DigestLength))
        {
            for (int i = 0; i < InitialState.Length; i++)
            {
                Unsafe.WriteUnaligned(destination + (i * sizeof(uint)), BinaryPrimitives.ReverseEndianness(_state[i]));
            }
        }
    }

    /// <summary>FIPS 180-4, 6.2.2, for consecutive blocks. Written for few instructions, not for its looks: an emulated
    /// machine hashes every payload with it. The rotations of a sum are nested so that each costs one move and not
    /// three, and Maj reuses the exclusive or of the round before.</summary>
    private void Compress(byte* blocks, nuint count)
    {
        Schedule schedule;
        uint* words = (uint*)&schedule;
        fixed (uint* constants = K)
        fixed (StateWords* stateWords = &_state)
        {
            uint* state = (uint*)stateWords;
            if (TryCompress(state, blocks, count, constants))
            {
                return;
            }

            for (; count != 0; count--, blocks += BlockLength)
            {
                Expand(blocks, words);

                uint a = state[0], b = state[1], c = state[2], d = state[3];
                uint e = state[4], f = state[5], g = state[6], h = state[7];
                uint bc = b ^ c;
                for (nuint t = 0; t < 64; t += 8)
                {
                    uint* w = words + t;
                    uint* k = constants + t;
                    uint ab;

                    h += Sum1(e);
                    h += ((f ^ g) & e) ^ g;
                    h += w[0];
                    h += k[0];
                    d += h;
                    ab = a ^ b;
                    h += (ab & bc) ^ b;
                    h += Sum0(a);

                    g += Sum1(d);
                    g += ((e ^ f) & d) ^ f;
                    g += w[1];
                    g += k[1];
                    c += g;
                    bc = h ^ a;
                    g += (bc & ab) ^ a;
                    g += Sum0(h);

                    f += Sum1(c);
                    f += ((d ^ e) & c) ^ e;
                    f += w[2];
                    f += k[2];
                    b += f;
                    ab = g ^ h;
                    f += (ab & bc) ^ h;
                    f += Sum0(g);

                    e += Sum1(b);
                    e += ((c ^ d) & b) ^ d;
                    e += w[3];
                    e += k[3];
                    a += e;
                    bc = f ^ g;
                    e += (bc & ab) ^ g;
                    e += Sum0(f);

                    d += Sum1(a);
                    d += ((b ^ c) & a) ^ c;
                    d += w[4];
                    d += k[4];
                    h += d;
                    ab = e ^ f;
                    d += (ab & bc) ^ f;
                    d += Sum0(e);

                    c += Sum1(h);
                    c += ((a ^ b) & h) ^ b;
                    c += w[5];
                    c += k[5];
                    g += c;
                    bc = d ^ e;
                    c += (bc & ab) ^ e;
                    c += Sum0(d);

                    b += Sum1(g);
                    b += ((h ^ a) & g) ^ a;
                    b += w[6];
                    b += k[6];
                    f += b;
                    ab = c ^ d;
                    b += (ab & bc) ^ d;
                    b += Sum0(c);

                    a += Sum1(f);
                    a += ((g ^ h) & f) ^ h;
                    a += w[7];
                    a += k[7];
                    e += a;
                    bc = b ^ c;
                    a += (bc & ab) ^ c;
                    a += Sum0(b);
                }

                state[0] += a;
                state[1] += b;
                state[2] += c;
                state[3] += d;
                state[4] += e;
                state[5] += f;
                state[6] += g;
                state[7] += h;
            }
        }
    }

    /// <summary>The message schedule of one block: 16 words of the block, 48 made from them.</summary>
    private static void Expand(byte* block, uint* w)
    {
        for (nuint t = 0; t < 16; t += 4)
        {
            w[t] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + (t * sizeof(uint))));
            w[t + 1] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + (t * sizeof(uint)) + 4));
            w[t + 2] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + (t * sizeof(uint)) + 8));
            w[t + 3] = BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(block + (t * sizeof(uint)) + 12));
        }

        // Four words a turn; the two newest and the oldest of the sliding window stay in registers.
        uint w15 = w[1];
        uint even = w[14];
        uint odd = w[15];
        uint* end = w + 48;
        for (; w != end; w += 4)
        {
            even = Sigma1(even) + w[9] + w[0] + Sigma0(w15);
            w[16] = even;
            w15 = w[2];
            odd = Sigma1(odd) + w[10] + w[1] + Sigma0(w15);
            w[17] = odd;
            w15 = w[3];
            even = Sigma1(even) + w[11] + w[2] + Sigma0(w15);
            w[18] = even;
            w15 = w[4];
            odd = Sigma1(odd) + w[12] + w[3] + Sigma0(w15);
            w[19] = odd;
            w15 = w[5];
        }
    }

    /// <summary>ROTR 2 ^ ROTR 13 ^ ROTR 22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum0(uint x) =>
        BitOperations.RotateRight(BitOperations.RotateRight(BitOperations.RotateRight(x, 9) ^ x, 11) ^ x, 2);

    /// <summary>ROTR 6 ^ ROTR 11 ^ ROTR 25.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum1(uint x) =>
        BitOperations.RotateRight(BitOperations.RotateRight(BitOperations.RotateRight(x, 14) ^ x, 5) ^ x, 6);

    /// <summary>ROTR 7 ^ ROTR 18 ^ SHR 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sigma0(uint x) => BitOperations.RotateRight(BitOperations.RotateRight(x, 11) ^ x, 7) ^ (x >> 3);

    /// <summary>ROTR 17 ^ ROTR 19 ^ SHR 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sigma1(uint x) => BitOperations.RotateRight(BitOperations.RotateRight(x, 2) ^ x, 17) ^ (x >> 10);

    [InlineArray(8)]
    private struct StateWords
    {
        private uint _word;
    }

    [InlineArray(BlockLength)]
    private struct Block
    {
        private byte _byte;
    }

    [InlineArray(64)]
    private struct Schedule
    {
        private uint _word;
    }
}
