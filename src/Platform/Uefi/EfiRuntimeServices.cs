using System;
using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_RUNTIME_SERVICES (UEFI 2.10, section 4.5): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
public unsafe struct EfiRuntimeServices
{
    [FieldOffset(24)]
    public delegate* unmanaged<EfiTime*, void*, nuint> GetTime;

    /// <summary>The name, the vendor, the attributes, size of the data, the data.</summary>
    [FieldOffset(72)]
    public delegate* unmanaged<char*, EfiGuid*, EfiVariableAttributes*, nuint*, void*, nuint> GetVariable;

    /// <summary>The name, the vendor, the attributes, size of the data, the data.</summary>
    [FieldOffset(88)]
    public delegate* unmanaged<char*, EfiGuid*, EfiVariableAttributes, nuint, void*, nuint> SetVariable;

    [FieldOffset(104)]
    public delegate* unmanaged<EfiResetType, nuint, nuint, void*, void> ResetSystem;
}

/// <summary>Attributes of a variable (UEFI 2.10, section 8.2.1).</summary>
[Flags]
public enum EfiVariableAttributes : uint
{
    NonVolatile = 1,
    BootServiceAccess = 2,
    RuntimeAccess = 4,
}

/// <summary>EFI_RESET_TYPE (UEFI 2.10, section 8.5.1).</summary>
public enum EfiResetType
{
    Cold = 0,
    Warm = 1,
    Shutdown = 2,
}

/// <summary>EFI_TIME (UEFI 2.10, section 8.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct EfiTime
{
    [FieldOffset(0)]
    public ushort Year;

    [FieldOffset(2)]
    public byte Month;

    [FieldOffset(3)]
    public byte Day;

    [FieldOffset(4)]
    public byte Hour;

    [FieldOffset(5)]
    public byte Minute;

    [FieldOffset(6)]
    public byte Second;

    [FieldOffset(12)]
    public short TimeZone;

    /// <summary>Seconds since 1970-01-01 00:00, taking the fields as UTC; 0 when a field is out of range.</summary>
    public readonly ulong ToUnixSeconds()
    {
        if (Year < 1970 || Month is < 1 or > 12 || Day is < 1 or > 31 || Hour > 23 || Minute > 59 || Second > 59)
        {
            return 0;
        }

        // Days from civil date with March as the first month, so that the leap day comes last.
        uint year = Month <= 2 ? Year - 1u : Year;
        uint month = Month <= 2 ? Month + 9u : Month - 3u;
        uint days = (365 * year) + (year / 4) - (year / 100) + (year / 400) + (((153 * month) + 2) / 5) + Day - 1u;
        const uint DaysToEpoch = 719_468;
        return ((days - DaysToEpoch) * 86_400UL) + (Hour * 3_600UL) + (Minute * 60UL) + Second;
    }
}
