using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Ember.Platform.Tests.Acpi;

/// <summary>A System Resource Affinity Table, laid out from ACPI 6.5, section 5.2.16. Its memory lives as long as this.</summary>
internal sealed unsafe class SratBytes : IDisposable
{
    private readonly List<byte> _structures = [];
    private readonly List<nint> _tables = [];

    public SratBytes AddProcessor(byte apicId, uint domain, bool enabled = true)
    {
        Span<byte> structure = stackalloc byte[16];
        structure[0] = 0;
        structure[2] = (byte)domain;
        structure[3] = apicId;
        structure[4] = (byte)(enabled ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(structure[8..], (domain & ~0xFFu) | 0x5A);
        return Add(structure);
    }

    public SratBytes AddX2ApicProcessor(uint apicId, uint domain, bool enabled = true)
    {
        Span<byte> structure = stackalloc byte[24];
        structure[0] = 2;
        BinaryPrimitives.WriteUInt32LittleEndian(structure[4..], domain);
        BinaryPrimitives.WriteUInt32LittleEndian(structure[8..], apicId);
        structure[12] = (byte)(enabled ? 1 : 0);
        return Add(structure);
    }

    public SratBytes AddMemory(uint domain, ulong start, ulong length, bool enabled = true)
    {
        Span<byte> structure = stackalloc byte[40];
        structure[0] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(structure[2..], domain);
        BinaryPrimitives.WriteUInt64LittleEndian(structure[8..], start);
        BinaryPrimitives.WriteUInt64LittleEndian(structure[16..], length);
        structure[28] = (byte)(enabled ? 1 : 2);
        return Add(structure);
    }

    /// <summary>Adds a structure as it is, but for its length.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="length">What it says its length is; -1 for the truth.</param>
    public SratBytes Add(ReadOnlySpan<byte> structure, int length = -1)
    {
        byte[] bytes = structure.ToArray();
        bytes[1] = (byte)(length < 0 ? bytes.Length : length);
        return AddRaw(bytes);
    }

    public SratBytes AddRaw(byte[] bytes)
    {
        _structures.AddRange(bytes);
        return this;
    }

    /// <summary>The table; its checksum is not set.</summary>
    public byte* Table(byte revision = 3)
    {
        const int Header = 48;
        int length = Header + _structures.Count;
        byte* table = (byte*)NativeMemory.AllocZeroed((nuint)length);
        _tables.Add((nint)table);
        var bytes = new Span<byte>(table, length);
        "SRAT"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], length);
        bytes[8] = revision;
        bytes[36] = 1;
        _structures.ToArray().CopyTo(bytes[Header..]);
        return table;
    }

    public void Dispose()
    {
        foreach (nint table in _tables)
        {
            NativeMemory.Free((void*)table);
        }
    }
}
