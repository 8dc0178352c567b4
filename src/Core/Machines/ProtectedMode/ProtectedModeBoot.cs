using System;
using Ember.Core.Machines.Maps;
using Ember.Core.Memory;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>
/// Puts a kernel with a PVH entry (Xen, docs/misc/pvh.pandoc) or a Multiboot 1 kernel (Multiboot Specification 0.6.96) into a
/// guest's memory, ready to be entered in 32-bit protected mode without paging.
/// </summary>
/// <remarks>
/// The kernel lies where it was linked, its modules on pages of their own behind it, and all that it is told about them in the
/// pages from <see cref="Information"/> on, below everything the kernel may occupy.
/// </remarks>
internal static unsafe class ProtectedModeBoot
{
    private const ulong Information = 0x2000;
    private const ulong MapTable = 0x2100;
    private const ulong ModuleTable = 0x2200;
    private const ulong Gdt = 0x3000;
    private const ulong Texts = 0x4000;

    private const ushort CodeSelector = 0x10;
    private const ushort DataSelector = 0x18;
    private const ulong CodeDescriptor = 0x00CF_9B00_0000_FFFF;
    private const ulong DataDescriptor = 0x00CF_9300_0000_FFFF;

    /// <summary>Checks the images and loads them. Guest memory must be zero but for the ACPI tables.</summary>
    /// <param name="memory">The guest's RAM, at least 1 MiB.</param>
    /// <param name="images">What to load.</param>
    /// <param name="entry">Where and how to enter the guest, if it was loaded.</param>
    /// <returns><see cref="KernelStatus.Good"/>, or why nothing was written.</returns>
    public static KernelStatus TryLoad(in GuestMemory memory, ref ProtectedModeImages images, out GuestEntry entry)
    {
        entry = default;
        KernelStatus status = KernelImage.TryRead(images.Protocol, images.Kernel, memory.Size, out KernelImage kernel);
        if (status != KernelStatus.Good)
        {
            return status;
        }

        foreach (ref BootModule module in images.Modules)
        {
            if (!kernel.TryPlaceModule(module.Length, out module.Address))
            {
                return KernelStatus.ModulesTooLarge;
            }
        }

        // What has been placed is inside memory.
        memory.TryGetPointer(0, memory.Size, out byte* origin);
        for (int i = 0; i < kernel.SegmentCount; i++)
        {
            KernelSegment segment = kernel.Segment(i);
            images.Kernel.Slice((int)segment.FileOffset, (int)segment.FileLength)
                .CopyTo(new Span<byte>(origin + segment.Address, (int)segment.FileLength));
        }

        byte* text = WriteText(origin + Texts, images.CommandLine);
        if (images.Protocol == BootProtocol.Pvh)
        {
            WritePvh(origin, memory.Size, in images, text);
        }
        else
        {
            WriteMultiboot(origin, memory.Size, in images, text);
            entry.Rax = MultibootInformation.BootLoaderMagic;
        }

        ulong* descriptors = (ulong*)(origin + Gdt);
        descriptors[CodeSelector / 8] = CodeDescriptor;
        descriptors[DataSelector / 8] = DataDescriptor;
        entry.Mode = OperatingMode.Bits32;
        entry.Rip = kernel.Entry;
        entry.Rbx = Information;
        entry.GdtBase = Gdt;
        entry.GdtLimit = DataSelector + 7;
        entry.CodeSelector = CodeSelector;
        entry.DataSelector = DataSelector;
        return KernelStatus.Good;
    }

    private static void WritePvh(byte* origin, ulong memorySize, in ProtectedModeImages images, byte* text)
    {
        var map = (PvhMemoryRange*)(origin + MapTable);
        for (int i = 0; i < MemoryMap.EntryCount; i++)
        {
            map[i].Range = MemoryMap.Entry(i, memorySize);
        }

        var modules = (PvhModule*)(origin + ModuleTable);
        for (int i = 0; i < images.Modules.Length; i++)
        {
            ref BootModule module = ref images.Modules[i];
            modules[i].Text = (ulong)(text - origin);
            text = WriteModule(origin, in module, text);
            modules[i].Address = module.Address;
            modules[i].Length = module.Length;
        }

        *(PvhStartInformation*)(origin + Information) = new PvhStartInformation
        {
            Magic = PvhStartInformation.MagicValue,
            Version = PvhStartInformation.WithMemoryMap,
            ModuleCount = (uint)images.Modules.Length,
            Modules = ModuleTable,
            CommandLine = Texts,
            Rsdp = images.Rsdp,
            MemoryMap = MapTable,
            MemoryMapEntries = MemoryMap.EntryCount,
        };
    }

    private static void WriteMultiboot(byte* origin, ulong memorySize, in ProtectedModeImages images, byte* text)
    {
        var map = (MultibootMemoryRange*)(origin + MapTable);
        for (int i = 0; i < MemoryMap.EntryCount; i++)
        {
            map[i].Length = MultibootMemoryRange.RangeLength;
            map[i].Range = MemoryMap.Entry(i, memorySize);
        }

        var modules = (MultibootModule*)(origin + ModuleTable);
        for (int i = 0; i < images.Modules.Length; i++)
        {
            ref BootModule module = ref images.Modules[i];
            modules[i].Text = (uint)(text - origin);
            text = WriteModule(origin, in module, text);
            modules[i].Start = module.Address;
            modules[i].End = module.Address + (uint)module.Length;
        }

        *(MultibootInformation*)(origin + Information) = new MultibootInformation
        {
            Flags = MultibootInformation.Given,
            LowMemory = (uint)(MemoryMap.LowMemoryEnd >> 10),
            HighMemory = (uint)((memorySize - MemoryMap.HighMemory) >> 10),
            CommandLine = (uint)Texts,
            ModuleCount = (uint)images.Modules.Length,
            Modules = (uint)ModuleTable,
            MemoryMapLength = MemoryMap.EntryCount * (uint)sizeof(MultibootMemoryRange),
            MemoryMap = (uint)MapTable,
        };
    }

    /// <returns>Where the next text goes.</returns>
    private static byte* WriteModule(byte* origin, in BootModule module, byte* text)
    {
        Buffer.MemoryCopy(module.Content, origin + module.Address, module.Length, module.Length);
        return WriteText(text, new ReadOnlySpan<byte>(module.Text, module.TextLength));
    }

    /// <summary>Memory behind the text is its terminating zero.</summary>
    /// <returns>Where the next text goes.</returns>
    private static byte* WriteText(byte* text, ReadOnlySpan<byte> line)
    {
        line.CopyTo(new Span<byte>(text, line.Length));
        return text + line.Length + 1;
    }
}
