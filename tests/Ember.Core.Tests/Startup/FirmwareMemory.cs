using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Core.Startup;
using Ember.Core.Tests.Hosting;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Tests.Startup;

/// <summary>
/// What a firmware leaves behind: a memory map most of which is only numbers, one run of real memory to work in, and an image with
/// a section table.
/// </summary>
internal sealed unsafe class FirmwareMemory : IDisposable
{
    public const ulong Page = 4096;
    public const ulong ImagePages = 16;

    /// <summary>Pages of the real memory: room for the core's page tables, stacks and a little more.</summary>
    public const ulong WorkPages = 1024;

    private readonly int _stride;
    private readonly ulong _workPages;
    private readonly byte* _real;
    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(64 << 10);
    private readonly BootInformation* _boot = (BootInformation*)NativeMemory.AllocZeroed((nuint)sizeof(BootInformation));
    private readonly HostMemory* _memory = (HostMemory*)NativeMemory.AllocZeroed((nuint)sizeof(HostMemory));

    /// <param name="stride">What the firmware says a descriptor takes.</param>
    /// <param name="addressBits">Bits of a physical address; 0 when the processor does not say.</param>
    /// <param name="hugePages">Whether the processor knows 1 GiB pages.</param>
    /// <param name="workPages">Pages of the real memory.</param>
    public FirmwareMemory(int stride = 48, uint addressBits = 52, bool hugePages = true, ulong workPages = WorkPages)
    {
        _ = new FakeHardware
        {
            CpuidLeaves =
            {
                [(0x8000_0000, 0)] = new CpuidResult { Eax = addressBits == 0 ? 0x8000_0004 : 0x8000_0008 },
                [(0x8000_0001, 0)] = new CpuidResult { Edx = hugePages ? 1u << 26 : 0 },
                [(0x8000_0008, 0)] = new CpuidResult { Eax = 0x3000 | addressBits },
            },
        };
        _stride = stride;
        _workPages = workPages;
        _real = (byte*)NativeMemory.AlignedAlloc((nuint)((ImagePages + workPages) * Page), 2 << 20);
        _boot->MemoryMap = _map;
        _boot->MemoryDescriptorSize = (nuint)stride;
        _boot->ImageBase = _real;
        _boot->ImageSize = ImagePages * Page;
        new Span<byte>(_map, 64 << 10).Fill(0xA5);
    }

    public List<(EfiMemoryType Type, ulong Start, ulong Pages, ulong Attribute)> Entries { get; } = [];

    public BootInformation* Boot => _boot;

    public ref HostMemory Memory => ref *_memory;

    public ulong Image => (ulong)_real;

    /// <summary>The real memory that the map calls free.</summary>
    public ulong Work => Image + (ImagePages * Page);

    public FirmwareMemory Add(EfiMemoryType type, ulong start, ulong pages, ulong attribute = 0xF)
    {
        Entries.Add((type, start, pages, attribute));
        return this;
    }

    /// <summary>Adds the image and the real memory.</summary>
    public FirmwareMemory AddReal() =>
        Add(EfiMemoryType.LoaderCode, Image, ImagePages).Add(EfiMemoryType.Conventional, Work, _workPages);

    /// <summary>Writes a section table: address in the image, size, and characteristics (PE/COFF specification, section 4).</summary>
    public FirmwareMemory WithSections(params (uint Address, uint Size, uint Characteristics)[] sections)
    {
        const int Header = 0x80;
        const int OptionalHeaderSize = 0xF0;
        var image = new Span<byte>(_real, (int)(ImagePages * Page));
        image.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(image[0x3C..], Header);
        "PE\0\0"u8.CopyTo(image[Header..]);
        BinaryPrimitives.WriteUInt16LittleEndian(image[(Header + 4)..], 0x8664);
        BinaryPrimitives.WriteUInt16LittleEndian(image[(Header + 6)..], (ushort)sections.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(image[(Header + 20)..], OptionalHeaderSize);
        int at = Header + 24 + OptionalHeaderSize;
        foreach ((uint address, uint size, uint characteristics) in sections)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(image[(at + 8)..], size);
            BinaryPrimitives.WriteUInt32LittleEndian(image[(at + 12)..], address);
            BinaryPrimitives.WriteUInt32LittleEndian(image[(at + 36)..], characteristics);
            at += 40;
        }

        return this;
    }

    /// <summary>Lays the map out and takes what is free in it.</summary>
    public bool TryInitialize()
    {
        for (int i = 0; i < Entries.Count; i++)
        {
            var descriptor = new Span<byte>(_map + (i * _stride), 40);
            BinaryPrimitives.WriteUInt32LittleEndian(descriptor, (uint)Entries[i].Type);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[8..], Entries[i].Start);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[24..], Entries[i].Pages);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[32..], Entries[i].Attribute);
        }

        _boot->MemoryMapSize = (nuint)(Entries.Count * _stride);
        return Memory.TryInitialize(_boot);
    }

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        NativeMemory.Free(_boot);
        NativeMemory.Free(_map);
        NativeMemory.AlignedFree(_real);
    }
}
