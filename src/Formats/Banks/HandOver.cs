using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Formats.Banks;

/// <summary>
/// What the loader hands to the core: files that it has loaded and verified. It is the interface of a protocol, with the GUID
/// 3C5F6C1E-7A0B-4B6E-9C53-2E1C0D6B8A41, on the core's image handle, where only code that the firmware has let run can put one; load
/// options would come from whoever writes boot entries. It and all it points to lies in pages of type EfiLoaderData.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct HandOver
{
    /// <summary>The first half of the protocol's GUID, in memory order.</summary>
    public const ulong GuidLow = 0x4B6E_7A0B_3C5F_6C1E;

    /// <summary>The second half of the protocol's GUID, in memory order.</summary>
    public const ulong GuidHigh = 0x418A_6B0D_1C2E_539C;

    /// <summary>The only version there is.</summary>
    public const uint CurrentVersion = 1;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public uint Version;

    /// <summary>Where the files came from.</summary>
    public BankSlot Slot;

    /// <summary>What the core says it is when its virtual machines are up (<see cref="FirmwareVariableNames.Confirmed"/>); 0 when it need not.</summary>
    public ulong Attempt;

    /// <summary>The manifest, which was signed with the vendor's key.</summary>
    public byte* Manifest;

    /// <summary>Bytes of the manifest.</summary>
    public ulong ManifestLength;

    /// <summary>Where each file of the manifest lies, each in pages of its own; null for one that is not in the bank.</summary>
    public FileAddresses Files;

    /// <summary>An address for each file that a manifest may have.</summary>
    [InlineArray(BankManifestHeader.MaximumFileCount)]
    public struct FileAddresses
    {
        private nuint _first;
    }
}
