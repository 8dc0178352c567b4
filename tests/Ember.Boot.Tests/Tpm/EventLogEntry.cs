using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Ember.Boot.Tests.Tpm;

/// <summary>An entry of the firmware's event log (TCG PC Client Platform Firmware Profile, section 10.2.2): its SHA-256 digest.</summary>
/// <param name="Register">The PCR that it extended.</param>
/// <param name="Type">Its type.</param>
/// <param name="Digest">What extended the register.</param>
/// <param name="Data">What is said of it.</param>
internal sealed record EventLogEntry(uint Register, uint Type, byte[] Digest, byte[] Data)
{
    private const int Sha256 = 0x0B;
    private const int FirstDigest = 20;

    /// <summary>Reads a log.</summary>
    /// <param name="log">Its bytes, and more behind it.</param>
    /// <param name="last">Where its last entry begins.</param>
    public static IReadOnlyList<EventLogEntry> Read(ReadOnlySpan<byte> log, int last)
    {
        // The first entry, of an older form, says how long digests are.
        int at = 8 + FirstDigest;
        int firstEnd = at + 4 + Number(log, at);
        at += 4 + 24;
        int count = Number(log, at);
        Dictionary<int, int> lengths = [];
        for (int i = 0; i < count; i++)
        {
            at += 4;
            lengths[BinaryPrimitives.ReadUInt16LittleEndian(log[at..])] = BinaryPrimitives.ReadUInt16LittleEndian(log[(at + 2)..]);
        }

        List<EventLogEntry> entries = [];
        for (at = firstEnd; at <= last;)
        {
            uint register = (uint)Number(log, at);
            uint type = (uint)Number(log, at + 4);
            int digests = Number(log, at + 8);
            byte[] digest = [];
            at += 12;
            for (int i = 0; i < digests; i++)
            {
                int algorithm = BinaryPrimitives.ReadUInt16LittleEndian(log[at..]);
                digest = algorithm == Sha256 ? log.Slice(at + 2, SHA256.HashSizeInBytes).ToArray() : digest;
                at += 2 + lengths[algorithm];
            }

            int length = Number(log, at);
            entries.Add(new EventLogEntry(register, type, digest, log.Slice(at + 4, length).ToArray()));
            at += 4 + length;
        }

        return entries;
    }

    /// <summary>What a register holds that began as zeros and was extended by these.</summary>
    public static byte[] Replay(IEnumerable<EventLogEntry> entries) => entries.Aggregate(
        new byte[SHA256.HashSizeInBytes], (value, entry) => SHA256.HashData([.. value, .. entry.Digest]));

    private static int Number(ReadOnlySpan<byte> log, int offset) => BinaryPrimitives.ReadInt32LittleEndian(log[offset..]);
}
