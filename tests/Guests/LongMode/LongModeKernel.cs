using System;
using System.IO;
using System.Linq;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.LongMode;

/// <summary>
/// A kernel with a PVH entry whose code runs in 64-bit mode, memory mapped one to one up to 4 GiB. Processors that it starts come from
/// real mode the same way. It lies at 1 MiB; the pages below 64 KiB hold its tables and variables, the processors' stacks follow it.
/// </summary>
public static class LongModeKernel
{
    /// <summary>The vector of a start-up IPI: the page of the code that a started processor begins with.</summary>
    public const int StartupVector = Trampoline >> 12;

    /// <summary>The first byte that holds nothing of the kernel's, stacks included.</summary>
    public const int FreeMemory = StackBase + (MaximumProcessors * StackLength);

    /// <summary>The most processors.</summary>
    public const int MaximumProcessors = 16;

    /// <summary>A page that the kernel leaves alone: its first instructions may keep something there.</summary>
    public const int KeptPage = VariablesEnd;

    internal const int CodeSelector = 0x18;
    internal const int InterruptTable = 0x9000;
    internal const int Variables = 0xA000;
    internal const int VariablesEnd = 0x1_0000;

    private const uint Address = 0x10_0000;
    private const uint Entry64 = Address + CodeOffset;
    private const int CodeOffset = 0x1000;

    internal const int TablesBegin = 0x1000;
    internal const int Directories = 0x3000;
    private const int Trampoline = 0x8000;
    private const int ProtectedOffset = 0x80;
    private const int TableOffset = 0x140;
    private const int PointerOffset = 0x180;
    private const int TrampolineLength = 0x190;
    private const int TrampolineSource = CodeOffset - TrampolineLength;

    private const int StackBase = 0x20_0000;
    private const int StackLength = 0x4000;

    private const int DataSelector = 0x10;
    private const int ProtectedSelector = 0x08;
    private static readonly ulong[] _descriptors =
        [0, 0x00CF_9A00_0000_FFFF, 0x00CF_9200_0000_FFFF, 0x00AF_9A00_0000_FFFF];

    /// <summary>Assembles a kernel.</summary>
    /// <param name="boot">Emits the boot processor's code. It begins with interrupts off and a stack of 16 KiB.</param>
    /// <param name="others">Emits the code of the processors it starts, which begins like that; none stop them.</param>
    /// <param name="first">Emits its very first instructions, in 32-bit protected mode without paging.</param>
    public static byte[] Build(Action<LongModeCode> boot, Action<LongModeCode>? others = null, Action<Assembler>? first = null)
    {
        byte[] start = Assemble(32, Address, c => EmitStart(c, first));
        byte[] content =
        [
            .. start, .. new byte[TrampolineSource - start.Length],
            .. BuildTrampoline(),
            .. LongModeCode.Assemble(Entry64, boot, others),
        ];
        return new GuestElf { Content = content, Address = Address, Entry = Address, Is64 = true, HasPvhNote = true }.Build();
    }

    /// <summary>Sets RSP for the processor whose APIC identifier is in EAX; changes RCX.</summary>
    internal static void EmitStack(Assembler c)
    {
        c.lea(ecx, __[rax + 1]);
        c.imul(ecx, ecx, StackLength);
        c.lea(rsp, __[rcx + StackBase]);
    }

    private static void EmitStart(Assembler c, Action<Assembler>? first)
    {
        first?.Invoke(c);
        c.cld();
        c.mov(edi, TablesBegin);
        c.mov(ecx, (VariablesEnd - TablesBegin) / 4);
        c.xor(eax, eax);
        c.rep.stosd();
        c.mov(esi, (int)Address + TrampolineSource);
        c.mov(edi, Trampoline);
        c.mov(ecx, TrampolineLength);
        c.rep.movsb();

        const int present = 0x03;
        const int directoryCount = 4;
        c.mov(__dword_ptr[TablesBegin], TablesBegin + 0x1000 + present);
        for (int i = 0; i < directoryCount; i++)
        {
            c.mov(__dword_ptr[TablesBegin + 0x1000 + (i * 8)], Directories + (i * 0x1000) + present);
        }

        // Pages of 2 MiB, until the address does not fit into 32 bits.
        Label page = c.CreateLabel();
        c.mov(edi, Directories);
        c.mov(eax, 0x80 + present);
        c.Label(ref page);
        c.mov(__dword_ptr[edi], eax);
        c.add(edi, 8);
        c.add(eax, 0x20_0000);
        c.jnc(page);
        c.lgdt(__[Trampoline + PointerOffset]);
        JumpFar(c, ProtectedSelector, Trampoline + ProtectedOffset);
    }

    /// <summary>What is copied below 1 MiB: real-mode code, protected-mode code and the descriptors.</summary>
    private static byte[] BuildTrampoline()
    {
        byte[] page = new byte[TrampolineLength];
        Assemble(16, Trampoline, c =>
        {
            c.cli();
            c.mov(ax, cs);
            c.mov(ds, ax);
            c.lgdt(__[PointerOffset]);
            c.mov(eax, cr0);
            c.or(eax, 1);
            c.mov(cr0, eax);
            c.db(0x66);
            JumpFar(c, ProtectedSelector, Trampoline + ProtectedOffset);
        }).CopyTo(page, 0);
        Assemble(32, Trampoline + ProtectedOffset, c =>
        {
            c.mov(eax, DataSelector);
            c.mov(ds, ax);
            c.mov(es, ax);
            c.mov(ss, ax);
            c.mov(eax, cr4);
            c.or(eax, 1 << 5); // PAE
            c.mov(cr4, eax);
            c.mov(eax, TablesBegin);
            c.mov(cr3, eax);
            c.mov(ecx, 0xC000_0080); // EFER
            c.rdmsr();
            c.or(eax, 1 << 8); // LME
            c.wrmsr();
            c.mov(eax, cr0);
            c.and(eax, 0x9FFF_FFFF); // CD, NW
            c.or(eax, 0x8000_0000); // PG
            c.mov(cr0, eax);
            JumpFar(c, CodeSelector, (int)Entry64);
        }).CopyTo(page, ProtectedOffset);
        _descriptors.SelectMany(BitConverter.GetBytes).ToArray().CopyTo(page, TableOffset);
        BitConverter.GetBytes((ushort)((_descriptors.Length * 8) - 1)).CopyTo(page, PointerOffset);
        BitConverter.GetBytes(Trampoline + TableOffset).CopyTo(page, PointerOffset + 2);
        return page;
    }

    private static byte[] Assemble(int bitness, uint address, Action<Assembler> emit)
    {
        Assembler c = new(bitness);
        emit(c);
        using MemoryStream code = new();
        c.Assemble(new StreamCodeWriter(code), address);
        return code.ToArray();
    }

    private static void JumpFar(Assembler c, int selector, int address) =>
        c.db([0xEA, .. BitConverter.GetBytes(address), .. BitConverter.GetBytes((ushort)selector)]);
}
