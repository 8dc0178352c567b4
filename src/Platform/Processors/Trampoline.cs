using System;
using System.Runtime.InteropServices;

namespace Ember.Platform.Processors;

/// <summary>
/// The page below 1 MiB in which a processor starts, in real mode: the code of tools/Ember.Stubs, which leads to 64-bit mode, and what
/// it loads there.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
public unsafe struct Trampoline
{
    private const int Length = 0x98;
    private const uint LongModeOffset = 0x40;
    private const uint TableOffset = 0x60;

    [FieldOffset(0x72)]
    private uint _tableAddress;

    [FieldOffset(0x78)]
    private uint _longModeAddress;

    [FieldOffset(0x80)]
    private uint _root;

    [FieldOffset(0x88)]
    private byte* _entryPoint;

    [FieldOffset(0x90)]
    private ProcessorEntry* _entry;

    /// <summary>Writes it into a page.</summary>
    /// <param name="page">The page, below 1 MiB, not the first one.</param>
    /// <param name="root">Page tables below 4 GiB that map the page one to one and executable, and the core.</param>
    /// <param name="entry">What a processor starts with; read anew whenever one does.</param>
    public static void Write(byte* page, ulong root, ProcessorEntry* entry)
    {
        new ReadOnlySpan<byte>(Cpu.TrampolineCode(), Length).CopyTo(new Span<byte>(page, Length));
        var trampoline = (Trampoline*)page;
        trampoline->_tableAddress = (uint)page + TableOffset;
        trampoline->_longModeAddress = (uint)page + LongModeOffset;
        trampoline->_root = (uint)root;
        trampoline->_entryPoint = Cpu.ProcessorEntryPoint();
        trampoline->_entry = entry;
    }
}
