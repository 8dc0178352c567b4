using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>
/// How a processor comes from real mode, where INIT and SIPI start it (AMD APM volume 2, section 16.3), to the core. The trampoline is
/// data of the core: Ember.Platform's Trampoline copies it below 1 MiB and fills in what is zero here.
/// </summary>
public static class TrampolineStubs
{
    private const string Entry = "EmberProcessorEntry";
    private const string Data = "EmberTrampoline";
    private const byte Padding = 0xCC;
    private const int Length = 0x98;

    // Offsets, as Ember.Platform's Trampoline has them.
    private const int LongModeCode = 0x40;
    private const int DescriptorTable = 0x60;
    private const int TablePointer = 0x70;
    private const int LongModePointer = 0x78;
    private const int Root = 0x80;
    private const int EntryAddress = 0x88;
    private const int Argument = 0x90;

    private const int CodeSelector = 8;
    private const ulong CodeDescriptor = 0x0020_9B00_0000_0000;

    /// <summary>PAE, OSFXSR, OSXMMEXCPT: what compiled C# needs.</summary>
    private const uint Cr4 = 0x620;

    private const uint Efer = 0xC000_0080;

    /// <summary>LME, NXE.</summary>
    private const uint EferValue = 0x900;

    /// <summary>PE, MP, ET, NE, WP, PG; caches on.</summary>
    private const uint Cr0 = 0x8001_0033;

    public static IEnumerable<CoffSection> All =>
    [
        new CoffSection(SectionKind.ReadOnly, Data, Trampoline(), []),
        StubAssembler.Assemble("EmberTrampolineAddress", stub =>
        {
            stub.LoadAddressIntoRax(Data);
            stub.Code.ret();
        }),
        StubAssembler.Assemble("EmberProcessorEntryAddress", stub =>
        {
            stub.LoadAddressIntoRax(Entry);
            stub.Code.ret();
        }),
        StubAssembler.Assemble(Entry, stub =>
        {
            Assembler c = stub.Code;
            c.mov(rsp, rcx);
            c.and(rsp, -16);
            c.sub(rsp, 32);
            c.mov(rcx, rdx);
            c.xor(ebp, ebp);
            stub.Call("EmberProcessorMain");
            c.ud2();
        }),
    ];

    private static byte[] Trampoline()
    {
        byte[] bytes = new byte[Length];
        bytes.AsSpan(0, DescriptorTable).Fill(Padding);
        Assemble(16, 0, RealMode).CopyTo(bytes, 0);
        Assemble(64, LongModeCode, LongMode).CopyTo(bytes, LongModeCode);
        BitConverter.TryWriteBytes(bytes.AsSpan(DescriptorTable + CodeSelector), CodeDescriptor);
        BitConverter.TryWriteBytes(bytes.AsSpan(TablePointer), (ushort)(CodeSelector + sizeof(ulong) - 1));
        BitConverter.TryWriteBytes(bytes.AsSpan(LongModePointer + sizeof(uint)), (ushort)CodeSelector);
        return bytes;
    }

    /// <summary>
    /// CS is the page. Paging and protection are switched on at once, which is long mode; the far jump behind it is the first
    /// instruction fetched through the page tables.
    /// </summary>
    private static void RealMode(Assembler c)
    {
        c.cli();
        c.cld();
        c.mov(ax, cs);
        c.mov(ds, ax);
        c.AddInstruction(Instruction.Create(Code.Lgdt_m1632, new MemoryOperand(Register.None, TablePointer)));
        c.mov(eax, Cr4);
        c.mov(cr4, eax);
        c.mov(eax, __dword_ptr[Root]);
        c.mov(cr3, eax);
        c.mov(eax, EferValue);
        c.xor(edx, edx);
        c.mov(ecx, Efer);
        c.wrmsr();
        c.mov(eax, Cr0);
        c.mov(cr0, eax);
        c.AddInstruction(Instruction.Create(Code.Jmp_m1632, new MemoryOperand(Register.None, LongModePointer)));
    }

    /// <summary>The processor's own Ember.Platform ProcessorEntry goes to the core's entry in RCX and RDX.</summary>
    private static void LongMode(Assembler c)
    {
        c.AddInstruction(Instruction.Create(Code.Mov_r64_rm64, rax, new MemoryOperand(Register.RIP, Argument)));
        c.mov(rcx, __qword_ptr[rax]);
        c.mov(rdx, __qword_ptr[rax + 8]);
        c.AddInstruction(Instruction.Create(Code.Jmp_rm64, new MemoryOperand(Register.RIP, EntryAddress)));
    }

    private static byte[] Assemble(int bitness, ulong address, Action<Assembler> emit)
    {
        var assembler = new Assembler(bitness);
        emit(assembler);
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), address);
        return stream.ToArray();
    }
}
