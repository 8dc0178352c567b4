using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;

namespace Ember.Sdk.Verification.Executables;

/// <summary>The parts of an EFI application for x64 that a signature has to do with (Microsoft, PE Format and Windows Authenticode Portable
/// Executable Signature Format). Nothing of it is believed before <see cref="TryRead"/> has seen that it lies within the file.</summary>
internal sealed class EfiFile
{
    private const int OptionalOffset = 24;
    private const int ChecksumOffset = OptionalOffset + 64;
    private const int CertificatesOffset = OptionalOffset + 112 + (4 * 8);
    private const int SectionSize = 40;

    private readonly byte[] _bytes;
    private readonly int _header;
    private readonly List<(string Name, int Start, int Length)> _sections = [];

    private EfiFile(byte[] bytes, int header)
    {
        _bytes = bytes;
        _header = header;
    }

    /// <summary>The certificate table; empty for none.</summary>
    public ReadOnlySpan<byte> Certificates => _bytes.AsSpan(CertificatesStart, (int)Long(_header + CertificatesOffset + 4));

    private int CertificatesStart => Long(_header + CertificatesOffset + 4) == 0 ? _bytes.Length : (int)Long(_header + CertificatesOffset);

    private int HeaderLength => (int)Long(_header + OptionalOffset + 60);

    /// <summary>Reads a file.</summary>
    /// <returns>What is wrong with it; null when it is an EFI application.</returns>
    public static string? TryRead(byte[] bytes, out EfiFile? file)
    {
        file = null;
        if (bytes.Length < 64 || bytes[0] != 'M' || bytes[1] != 'Z')
        {
            return "it does not begin with 'MZ'";
        }

        uint header = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(0x3C));
        if (header > bytes.Length - CertificatesOffset - 8)
        {
            return "it is cut off in its header";
        }

        EfiFile candidate = new(bytes, (int)header);
        string? problem = candidate.Check();
        file = problem is null ? candidate : null;
        return problem;
    }

    /// <summary>The bytes of a section in the file; empty for none.</summary>
    public ReadOnlySpan<byte> Section(string name)
    {
        (_, int start, int length) = _sections.FirstOrDefault(section => section.Name == name);
        return _bytes.AsSpan(start, length);
    }

    /// <summary>What a signature is for: SHA-256 of everything but the checksum, the place of the certificates and the
    /// certificates.</summary>
    public byte[] Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int checksum = _header + ChecksumOffset;
        int certificates = _header + CertificatesOffset;
        hash.AppendData(_bytes, 0, checksum);
        hash.AppendData(_bytes.AsSpan((checksum + 4)..certificates));
        hash.AppendData(_bytes.AsSpan((certificates + 8)..HeaderLength));
        int counted = HeaderLength;
        foreach ((_, int start, int length) in _sections.OrderBy(section => section.Start))
        {
            hash.AppendData(_bytes, start, length);
            counted += length;
        }

        hash.AppendData(_bytes.AsSpan(counted..CertificatesStart));
        return hash.GetHashAndReset();
    }

    /// <summary>The checksum that the header should have, and the one it has.</summary>
    public (uint Expected, uint Stated) Checksum()
    {
        uint sum = 0;
        for (int i = 0; i < _bytes.Length; i += 2)
        {
            if (i != _header + ChecksumOffset && i != _header + ChecksumOffset + 2)
            {
                sum += _bytes[i] + (i + 1 < _bytes.Length ? (uint)_bytes[i + 1] << 8 : 0);
                sum = (sum & 0xFFFF) + (sum >> 16);
            }
        }

        return (sum + (uint)_bytes.Length, Long(_header + ChecksumOffset));
    }

    private string? Check()
    {
        int optional = _header + OptionalOffset;
        int optionalSize = Word(_header + 20);
        int count = Word(_header + 6);
        int table = optional + optionalSize;
        if (Long(_header) != 0x4550 || Word(_header + 4) != 0x8664 || Word(optional) != 0x20B || Word(optional + 68) != 10)
        {
            return "it is no EFI application for x64";
        }

        if (optionalSize < 112 + (5 * 8) || Long(optional + 108) < 5 || (_header & 1) != 0)
        {
            return "its header has no place for a signature";
        }

        if (table + (count * SectionSize) > Long(optional + 60) || Long(optional + 60) > _bytes.Length)
        {
            return "it is cut off in its header";
        }

        long end = HeaderLength;
        for (int i = 0; i < count; i++)
        {
            int row = table + (i * SectionSize);
            uint length = Long(row + 16);
            uint start = Long(row + 20);
            if (length == 0)
            {
                continue;
            }

            if (start < end || start + (long)length > _bytes.Length)
            {
                return FormattableString.Invariant($"section {i + 1} lies over another, or outside of the file");
            }

            end = start + length;
            _sections.Add((ImageText.Of(_bytes.AsSpan(row, 8)).TrimEnd('\0'), (int)start, (int)length));
        }

        uint size = Long(_header + CertificatesOffset + 4);
        uint certificates = Long(_header + CertificatesOffset);
        return size == 0 || (certificates >= end && certificates + (long)size == _bytes.Length)
            ? null
            : "its signature is not the end of the file";
    }

    private ushort Word(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(offset));

    private uint Long(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));
}
