using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Plans;

/// <summary>The first 256 bytes of a plan. Little-endian; the payload table, the machine table, the module table and
/// the text follow in this order without gaps, and the text ends the file. Bytes 200 to 255 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct PlanHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 256;

    /// <summary>"EMBRPLAN".</summary>
    public const ulong MagicValue = 0x4E41_4C50_5242_4D45;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 4;

    /// <summary>The largest plan, in bytes.</summary>
    public const int MaximumLength = 256 * 1024;

    /// <summary>The most payloads, and the most machines, of a plan.</summary>
    public const int MaximumCount = 64;

    /// <summary>Where the digest begins.</summary>
    public const int DigestOffset = 16;

    /// <summary>Where the bytes begin that the digest covers.</summary>
    public const int DigestedOffset = DigestOffset + Sha256.DigestLength;

    /// <summary>Where the header's reserved bytes begin.</summary>
    public const int ReservedOffset = 200;

    /// <summary><see cref="MagicValue"/>.</summary>
    [FieldOffset(0)]
    public ulong Magic;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public uint Version;

    /// <summary>Bytes of the whole plan.</summary>
    [FieldOffset(12)]
    public uint TotalLength;

    /// <summary>SHA-256 of every byte from <see cref="DigestedOffset"/> to <see cref="TotalLength"/>.</summary>
    [FieldOffset(DigestOffset)]
    public Sha256Digest Digest;

    /// <summary>Entries of the payload table.</summary>
    [FieldOffset(48)]
    public uint PayloadCount;

    /// <summary>Where the payload table begins, in bytes from the plan's start.</summary>
    [FieldOffset(52)]
    public uint PayloadOffset;

    /// <summary>Entries of the machine table.</summary>
    [FieldOffset(56)]
    public uint MachineCount;

    /// <summary>Where the machine table begins, in bytes from the plan's start.</summary>
    [FieldOffset(60)]
    public uint MachineOffset;

    /// <summary>Where the text area begins, in bytes from the plan's start.</summary>
    [FieldOffset(64)]
    public uint TextOffset;

    /// <summary>Bytes of the text area.</summary>
    [FieldOffset(68)]
    public uint TextLength;

    /// <summary>What to do when the last machine has stopped.</summary>
    [FieldOffset(72)]
    public AfterLastMachine AfterLastMachine;

    /// <summary>The fault to commit on purpose.</summary>
    [FieldOffset(76)]
    public LabCrash LabCrash;

    /// <summary>The vendor's product name.</summary>
    [FieldOffset(80)]
    public Text32 Product;

    /// <summary>The product's version.</summary>
    [FieldOffset(112)]
    public Text16 ProductVersion;

    /// <summary>Entries of the module table, at most <see cref="PlanMachine.MaximumModuleCount"/> for each machine.</summary>
    [FieldOffset(128)]
    public uint ModuleCount;

    /// <summary>Where the module table begins, in bytes from the plan's start.</summary>
    [FieldOffset(132)]
    public uint ModuleOffset;

    /// <summary>What the vendor wants to be read on the screen; empty for nothing.</summary>
    [FieldOffset(136)]
    public Text64 Banner;
}
