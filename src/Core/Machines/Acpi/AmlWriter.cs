using System;

namespace Ember.Core.Machines.Acpi;

/// <summary>Emits ACPI Machine Language (ACPI 6.5, chapter 20) for a table under construction.</summary>
/// <remarks>Packages are closed by the position that opening them gave: their length is known only then.</remarks>
internal static class AmlWriter
{
    private const byte NameOp = 0x08;
    private const byte BytePrefix = 0x0A;
    private const byte DWordPrefix = 0x0C;
    private const byte ScopeOp = 0x10;
    private const byte BufferOp = 0x11;
    private const byte PackageOp = 0x12;
    private const byte ExtendedOpPrefix = 0x5B;
    private const byte DeviceOp = 0x82;

    /// <summary>"PNP", five bits a letter, high byte first (section 19.3.4, EISAID).</summary>
    private const ushort CompressedPnp = 0xD041;

    // Resource descriptors (section 6.4.2).
    private const byte IrqDescriptor = 0x22;
    private const byte IoDescriptor = 0x47;
    private const byte EndTag = 0x79;

    /// <summary>Opens a scope. The name is as encoded, four characters a segment.</summary>
    public static int OpenScope(ref TableWriter writer, ReadOnlySpan<byte> name)
    {
        writer.Append(ScopeOp);
        int start = OpenPackage(ref writer);
        writer.Append(name);
        return start;
    }

    /// <summary>Opens a device. The name has four characters.</summary>
    public static int OpenDevice(ref TableWriter writer, ReadOnlySpan<byte> name)
    {
        writer.Append(ExtendedOpPrefix);
        writer.Append(DeviceOp);
        int start = OpenPackage(ref writer);
        writer.Append(name);
        return start;
    }

    /// <summary>Closes what was opened at <paramref name="start"/>.</summary>
    public static void Close(ref TableWriter writer, int start)
    {
        // PkgLength in its two-byte form counts itself, up to 4095 bytes (section 20.2.4).
        int length = writer.Position - start;
        writer.Patch(start, (byte)(0x40 | (length & 0xF)));
        writer.Patch(start + 1, (byte)(length >> 4));
    }

    /// <summary>_HID of a device from the PNP catalogue: "PNP" and four hexadecimal digits.</summary>
    public static void AppendHardwareId(ref TableWriter writer, ushort product)
    {
        AppendName(ref writer, "_HID"u8);
        writer.Append(DWordPrefix);
        writer.Append(CompressedPnp);
        writer.Append((byte)(product >> 8));
        writer.Append((byte)product);
    }

    /// <summary>A name whose value is a package of bytes.</summary>
    public static void AppendPackage(ref TableWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> elements)
    {
        AppendName(ref writer, name);
        writer.Append(PackageOp);
        int start = OpenPackage(ref writer);
        writer.Append((byte)elements.Length);
        foreach (byte element in elements)
        {
            writer.Append(BytePrefix);
            writer.Append(element);
        }

        Close(ref writer, start);
    }

    /// <summary>_CRS of a device with one range of I/O ports and one edge-triggered ISA interrupt.</summary>
    public static void AppendIsaResources(ref TableWriter writer, ushort port, byte ports, int interrupt)
    {
        AppendName(ref writer, "_CRS"u8);
        writer.Append(BufferOp);
        int start = OpenPackage(ref writer);
        writer.Append(BytePrefix);
        int sizePosition = writer.Position;
        writer.Append((byte)0);
        int first = writer.Position;
        const byte Decodes16Bits = 1;
        writer.Append(IoDescriptor);
        writer.Append(Decodes16Bits);
        writer.Append(port);
        writer.Append(port);
        writer.Append((byte)1);
        writer.Append(ports);
        writer.Append(IrqDescriptor);
        writer.Append((ushort)(1 << interrupt));
        writer.Append(EndTag);
        writer.Append((byte)0);
        writer.Patch(sizePosition, (byte)(writer.Position - first));
        Close(ref writer, start);
    }

    private static void AppendName(ref TableWriter writer, ReadOnlySpan<byte> name)
    {
        writer.Append(NameOp);
        writer.Append(name);
    }

    private static int OpenPackage(ref TableWriter writer)
    {
        int start = writer.Position;
        writer.Append((ushort)0);
        return start;
    }
}
