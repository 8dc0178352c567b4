using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>A 128-bit identifier in UEFI's byte order (UEFI 2.10, appendix A), as the two quadwords it occupies.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public readonly struct EfiGuid(ulong low, ulong high)
{
    [FieldOffset(0)]
    public readonly ulong Low = low;

    [FieldOffset(8)]
    public readonly ulong High = high;

    /// <summary>5B1B31A1-9562-11D2-8E3F-00A0C969723B (section 9.1).</summary>
    public static EfiGuid LoadedImageProtocol => new(0x11D2_9562_5B1B_31A1, 0x3B72_69C9_A000_3F8E);

    /// <summary>964E5B22-6459-11D2-8E39-00A0C969723B (section 13.4).</summary>
    public static EfiGuid SimpleFileSystemProtocol => new(0x11D2_6459_964E_5B22, 0x3B72_69C9_A000_398E);

    /// <summary>964E5B21-6459-11D2-8E39-00A0C969723B (section 13.9).</summary>
    public static EfiGuid BlockIoProtocol => new(0x11D2_6459_964E_5B21, 0x3B72_69C9_A000_398E);

    /// <summary>09576E91-6D3F-11D2-8E39-00A0C969723B (section 10.2).</summary>
    public static EfiGuid DevicePathProtocol => new(0x11D2_6D3F_0957_6E91, 0x3B72_69C9_A000_398E);

    /// <summary>9042A9DE-23DC-4A38-96FB-7ADED080516A (section 12.9).</summary>
    public static EfiGuid GraphicsOutputProtocol => new(0x4A38_23DC_9042_A9DE, 0x6A51_80D0_DE7A_FB96);

    /// <summary>3FDDA605-A76E-4F46-AD29-12F4531B3D08 (PI 1.8, volume 2, section 13.4).</summary>
    public static EfiGuid MpServicesProtocol => new(0x4F46_A76E_3FDD_A605, 0x083D_1B53_F412_29AD);

    /// <summary>607F766C-7455-42BE-930B-E4D76DB2720F (TCG EFI Protocol Specification, section 6.2).</summary>
    public static EfiGuid Tcg2Protocol => new(0x42BE_7455_607F_766C, 0x0F72_B26D_D7E4_0B93);

    /// <summary>2B2F68D6-0CD2-44CF-8E8B-BBA20B1B5B75 (section 17.2).</summary>
    public static EfiGuid UsbIoProtocol => new(0x44CF_0CD2_2B2F_68D6, 0x755B_1B0B_A2BB_8B8E);

    /// <summary>4CF5B200-68B8-4CA5-9EEC-B23E3F50029A (section 14.4).</summary>
    public static EfiGuid PciIoProtocol => new(0x4CA5_68B8_4CF5_B200, 0x9A02_503F_3EB2_EC9E);

    /// <summary>56EC3091-954C-11D2-8E3F-00A0C969723B (section 13.1).</summary>
    public static EfiGuid LoadFileProtocol => new(0x11D2_954C_56EC_3091, 0x3B72_69C9_A000_3F8E);

    /// <summary>8868E871-E4F1-11D3-BC22-0080C73C8881 (section 4.6.1).</summary>
    public static EfiGuid Acpi20Table => new(0x11D3_E4F1_8868_E871, 0x8188_3CC7_8000_22BC);

    /// <summary>EB9D2D30-2D88-11D3-9A16-0090273FC14D (section 4.6.1): ACPI 1.0.</summary>
    public static EfiGuid Acpi10Table => new(0x11D3_2D88_EB9D_2D30, 0x4DC1_3F27_9000_169A);

    /// <summary>EB9D2D31-2D88-11D3-9A16-0090273FC14D (section 4.6.1): SMBIOS 2.</summary>
    public static EfiGuid SmbiosTable => new(0x11D3_2D88_EB9D_2D31, 0x4DC1_3F27_9000_169A);

    /// <summary>F2FD1544-9794-4A2C-992E-E5BBCF20E394 (section 4.6.1): SMBIOS 3.</summary>
    public static EfiGuid Smbios3Table => new(0x4A2C_9794_F2FD_1544, 0x94E3_20CF_BBE5_2E99);

    public bool Is(in EfiGuid other) => Low == other.Low && High == other.High;
}
