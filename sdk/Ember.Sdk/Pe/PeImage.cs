using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Ember.Sdk.Pe;

/// <summary>An EFI application in a file: its headers, checked, and its bytes by file offset and by address.</summary>
public sealed class PeImage
{
    private const int LargestFile = 64 << 20;
    private const int ChecksumOffset = 64;
    private const int SecurityDirectoryOffset = 112 + (4 * 8);
    private const ushort FixupAddress64 = 10;

    private readonly PEHeaders _headers;

    private PeImage(string path, byte[] bytes, PEHeaders headers)
    {
        Path = path;
        Bytes = ImmutableArray.Create(bytes);
        _headers = headers;
        Sections = [.. headers.SectionHeaders.Select(Section)];
        RuntimeFunctions = ReadRuntimeFunctions();
        Fixups = ReadFixups();
    }

    /// <summary>The file, as messages name it.</summary>
    public string Path { get; }

    /// <summary>The whole file.</summary>
    public ImmutableArray<byte> Bytes { get; }

    /// <summary>The sections in the file's order, which is by address.</summary>
    public IReadOnlyList<PeSection> Sections { get; }

    /// <summary>The rows of the exception table, by address.</summary>
    public IReadOnlyList<RuntimeFunction> RuntimeFunctions { get; }

    /// <summary>RVAs of the eight-byte addresses that whoever loads the image adjusts.</summary>
    public IReadOnlyList<uint> Fixups { get; }

    /// <summary>RVA of the code that the firmware enters.</summary>
    public uint EntryPoint => (uint)Optional.AddressOfEntryPoint;

    /// <summary>The address the image is linked for.</summary>
    public ulong ImageBase => Optional.ImageBase;

    /// <summary>Bytes of address space that the loaded image takes.</summary>
    public uint SizeOfImage => (uint)Optional.SizeOfImage;

    /// <summary>Bytes of headers at the start of the file, rounded up to the file alignment.</summary>
    public uint SizeOfHeaders => (uint)Optional.SizeOfHeaders;

    /// <summary>Bytes of headers that say something; the rest of <see cref="SizeOfHeaders"/> is padding.</summary>
    public uint UsedHeaderBytes => (uint)(_headers.PEHeaderStartOffset + OptionalHeaderSize + (Sections.Count * 40));

    /// <summary>The multiple of bytes that sections take in memory: a page.</summary>
    public uint SectionAlignment => (uint)Optional.SectionAlignment;

    /// <summary>The base relocation table.</summary>
    public DirectoryEntry RelocationTable => Optional.BaseRelocationTableDirectory;

    /// <summary>The debug directory; with lld's /Brepro one row, which says that time stamps are hashes.</summary>
    public DirectoryEntry DebugTable => Optional.DebugTableDirectory;

    /// <summary>
    /// The attribute certificate table, a signature, as file offset and bytes; it lies behind the sections and is not loaded.
    /// </summary>
    public DirectoryEntry CertificateTable => Optional.CertificateTableDirectory;

    /// <summary>Where the number of sections stands in the file.</summary>
    internal int SectionCountPosition => _headers.CoffHeaderStartOffset + 2;

    /// <summary>Where <see cref="SizeOfImage"/> stands in the file.</summary>
    internal int SizeOfImagePosition => _headers.PEHeaderStartOffset + 56;

    /// <summary>Where in the file the header's checksum lies, four bytes.</summary>
    internal int ChecksumPosition => _headers.PEHeaderStartOffset + ChecksumOffset;

    /// <summary>Where in the file the header says where the certificates are, eight bytes; behind the header in an image that has no
    /// room for that.</summary>
    internal int CertificateDirectoryPosition => _headers.PEHeaderStartOffset + SecurityDirectoryOffset;

    /// <summary>Entries of the header's table of directories.</summary>
    internal int DirectoryCount => Optional.NumberOfRvaAndSizes;

    private PEHeader Optional => _headers.PEHeader!;

    private int OptionalHeaderSize => _headers.CoffHeader.SizeOfOptionalHeader;

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is not there, or no EFI application for x64 (exit code 2).</exception>
    public static PeImage Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            return !file.Exists ? throw Bad(path, "not found")
                : file.Length > LargestFile ? throw Bad(path, "too large for a core: more than 64 MiB")
                : Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads an image from memory; messages name it <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is no EFI application for x64 (exit code 2).</exception>
    public static PeImage Parse(string path, byte[] bytes)
    {
        try
        {
            if (bytes is not [(byte)'M', (byte)'Z', ..])
            {
                throw Bad(path, "no EFI application: it does not begin with 'MZ'");
            }

            PEHeaders headers = new(new MemoryStream(bytes, writable: false), bytes.Length, isLoadedImage: false);
            if (headers.PEHeader is not { Magic: PEMagic.PE32Plus, Subsystem: Subsystem.EfiApplication } optional
                || headers.CoffHeader.Machine != Machine.Amd64)
            {
                throw Bad(path, "no EFI application for x64");
            }

            CheckLayout(path, bytes, headers, optional);
            return new PeImage(path, bytes, headers);
        }
        catch (BadImageFormatException e)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: damaged or cut off: {e.Message}", e);
        }
    }

    /// <summary>The section that <paramref name="rva"/> lies in, or null.</summary>
    public PeSection? SectionAt(uint rva) => Sections.FirstOrDefault(section => section.Contains(rva));

    /// <summary>The bytes at an address; empty when the file does not hold all of them.</summary>
    /// <param name="rva">Where they are loaded.</param>
    /// <param name="length">How many.</param>
    public ReadOnlySpan<byte> At(uint rva, uint length)
    {
        PeSection? section = SectionAt(rva);
        if (section is null || (ulong)(rva - section.Rva) + length > Math.Min(section.FileSize, section.VirtualSize))
        {
            return [];
        }

        return Bytes.AsSpan().Slice((int)(section.FileOffset + (rva - section.Rva)), (int)length);
    }

    /// <summary>
    /// SHA-256 of the file as it was before it was signed: without certificates, and with the header's checksum and certificate
    /// directory zero. In lower-case hexadecimal. The digest of an unsigned file is its own.
    /// </summary>
    public string UnsignedDigest()
    {
        byte[] bytes = [.. Bytes];
        if (CertificateTable.Size != 0)
        {
            bytes.AsSpan(ChecksumPosition, sizeof(uint)).Clear();
            bytes.AsSpan(CertificateDirectoryPosition, 8).Clear();
            bytes = bytes[..CertificateTable.RelativeVirtualAddress];
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>Everything the rest of this class, and whoever asks for bytes, relies on.</summary>
    private static void CheckLayout(string path, byte[] bytes, PEHeaders headers, PEHeader optional)
    {
        long end = optional.SizeOfHeaders;
        long address = optional.SizeOfHeaders;
        if (optional.SizeOfHeaders < 0 || optional.SizeOfHeaders > bytes.Length || optional.SectionAlignment < 1)
        {
            throw Bad(path, "damaged or cut off: headers lie outside the file");
        }

        foreach (SectionHeader section in headers.SectionHeaders)
        {
            if (section.PointerToRawData < 0 || section.SizeOfRawData < 0 || section.VirtualAddress < address || section.VirtualSize < 0
                || (section.SizeOfRawData != 0 && section.PointerToRawData < end)
                || (long)section.PointerToRawData + section.SizeOfRawData > bytes.Length
                || (long)section.VirtualAddress + section.VirtualSize > optional.SizeOfImage)
            {
                throw Bad(path, $"damaged or cut off: section {section.Name} lies outside the file, or over another");
            }

            end = Math.Max(end, (long)section.PointerToRawData + section.SizeOfRawData);
            address = (long)section.VirtualAddress + section.VirtualSize;
        }

        DirectoryEntry certificates = optional.CertificateTableDirectory;
        if (certificates.Size != 0
            && (certificates.Size < 0
                || certificates.RelativeVirtualAddress < end
                || (long)certificates.RelativeVirtualAddress + certificates.Size != bytes.Length))
        {
            throw Bad(path, "damaged or cut off: the signature is not the end of the file");
        }
    }

    private static PeSection Section(SectionHeader header) => new(
        header.Name,
        (uint)header.VirtualAddress,
        (uint)header.VirtualSize,
        (uint)header.PointerToRawData,
        (uint)header.SizeOfRawData,
        header.SectionCharacteristics.HasFlag(SectionCharacteristics.MemExecute),
        header.SectionCharacteristics.HasFlag(SectionCharacteristics.MemWrite));

    private static EmberException Bad(string path, string what) => new(ErrorKind.Input, $"{path}: {what}");

    private RuntimeFunction[] ReadRuntimeFunctions()
    {
        DirectoryEntry table = Optional.ExceptionTableDirectory;
        ReadOnlySpan<byte> bytes = Directory(table, "exception table");
        RuntimeFunction[] rows = new RuntimeFunction[bytes.Length / RuntimeFunction.Size];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<byte> row = bytes.Slice(i * RuntimeFunction.Size, RuntimeFunction.Size);
            rows[i] = new RuntimeFunction(
                BinaryPrimitives.ReadUInt32LittleEndian(row),
                BinaryPrimitives.ReadUInt32LittleEndian(row[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(row[8..]));
        }

        return rows;
    }

    /// <summary>PE/COFF specification, section 5.6: blocks of a page each, two bytes a fixup, type in the upper four bits.</summary>
    private List<uint> ReadFixups()
    {
        List<uint> fixups = [];
        ReadOnlySpan<byte> table = Directory(RelocationTable, "relocation table");
        while (table.Length >= 8)
        {
            uint page = BinaryPrimitives.ReadUInt32LittleEndian(table);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(table[4..]);
            if (size < 8 || size > table.Length)
            {
                throw Bad(Path, "damaged: the relocation table has a block of an impossible size");
            }

            for (ReadOnlySpan<byte> rest = table[8..(int)size]; rest.Length >= 2; rest = rest[2..])
            {
                ushort fixup = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                switch (fixup >> 12)
                {
                    case 0:
                        break;
                    case FixupAddress64:
                        fixups.Add(page + (fixup & 0xFFFu));
                        break;
                    default:
                        throw Bad(Path, $"the relocation table has a fixup of type {fixup >> 12}, not for x64");
                }
            }

            table = table[(int)size..];
        }

        return fixups;
    }

    private ReadOnlySpan<byte> Directory(DirectoryEntry directory, string name)
    {
        if (directory.Size == 0)
        {
            return [];
        }

        ReadOnlySpan<byte> bytes = directory.Size < 0 ? [] : At((uint)directory.RelativeVirtualAddress, (uint)directory.Size);
        return bytes.IsEmpty ? throw Bad(Path, $"damaged: the {name} lies outside every section") : bytes;
    }
}
