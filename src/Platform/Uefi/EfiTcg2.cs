using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_TCG2_PROTOCOL (TCG EFI Protocol Specification, section 6.2): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
public unsafe struct EfiTcg2
{
    [FieldOffset(0)]
    public delegate* unmanaged<EfiTcg2*, EfiTcg2Capability*, nuint> GetCapability;

    /// <summary>This, the log's format, where it is, where its last entry is, whether there was no room for more.</summary>
    [FieldOffset(8)]
    public delegate* unmanaged<EfiTcg2*, uint, ulong*, ulong*, byte*, nuint> GetEventLog;

    /// <summary>This, flags (0), the data's address, its bytes, the event.</summary>
    [FieldOffset(16)]
    public delegate* unmanaged<EfiTcg2*, ulong, ulong, ulong, EfiTcg2Event*, nuint> HashLogExtendEvent;

    /// <summary>This, bytes of the command, the command, bytes of the buffer for its answer, the buffer.</summary>
    [FieldOffset(24)]
    public delegate* unmanaged<EfiTcg2*, uint, byte*, uint, byte*, nuint> SubmitCommand;
}

/// <summary>EFI_TCG2_BOOT_SERVICE_CAPABILITY (TCG EFI Protocol Specification, section 6.4.4).</summary>
[StructLayout(LayoutKind.Explicit, Size = Bytes)]
public struct EfiTcg2Capability
{
    /// <summary>Bytes of the structure.</summary>
    public const byte Bytes = 36;

    /// <summary>The caller says how many bytes it has room for.</summary>
    [FieldOffset(0)]
    public byte Size;

    /// <summary>Whether there is a TPM: the firmware may offer the protocol without one.</summary>
    [FieldOffset(16)]
    public byte IsPresent;
}

/// <summary>EFI_TCG2_EVENT (TCG EFI Protocol Specification, section 6.6.3), with room for a short text. It is packed.</summary>
[StructLayout(LayoutKind.Explicit, Size = HeadBytes + LongestText, Pack = 1)]
public struct EfiTcg2Event
{
    /// <summary>Bytes in front of the text.</summary>
    public const int HeadBytes = 18;

    /// <summary>The most bytes of text.</summary>
    public const int LongestText = 32;

    /// <summary>Bytes of <see cref="HeaderSize"/> up to the text.</summary>
    public const uint HeaderBytes = 14;

    /// <summary>The only version of the header.</summary>
    public const ushort CurrentVersion = 1;

    /// <summary>Bytes of all of it, as much of the text as there is included.</summary>
    [FieldOffset(0)]
    public uint Size;

    /// <summary><see cref="HeaderBytes"/>.</summary>
    [FieldOffset(4)]
    public uint HeaderSize;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    [FieldOffset(8)]
    public ushort HeaderVersion;

    /// <summary>The PCR.</summary>
    [FieldOffset(10)]
    public uint Register;

    [FieldOffset(14)]
    public uint EventType;

    [FieldOffset(HeadBytes)]
    public EventText Text;

    /// <summary>What the log says of the event.</summary>
    [InlineArray(LongestText)]
    public struct EventText
    {
        private byte _first;
    }
}
