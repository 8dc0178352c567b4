using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>
/// The steps of a <see cref="FuzzGuest"/> outside long mode: a random instruction in real mode, in virtual 8086 mode, or in 32-bit
/// protected mode without paging, with 32-bit paging or with PAE.
/// </summary>
internal sealed class FuzzLegacy
{
    private const int WithoutPaging = 0x31;
    private const int WithPaging = unchecked((int)0x8000_0031);
    private const int PageSizeExtension = 1 << 4;
    private const int PhysicalAddressExtension = 1 << 5;
    private const int Virtual8086 = 1 << 17;
    private const int Vectors = 256;

    private readonly LongModeCode _code;
    private readonly FuzzTables _tables;
    private readonly FuzzInstructions _instructions;
    private readonly FuzzLegacyPage _page;
    private readonly int _gates;
    private readonly int _pointers;

    public FuzzLegacy(LongModeCode code, FuzzCode fuzz, FuzzTables tables, FuzzInstructions instructions)
    {
        _code = code;
        Fuzz = fuzz;
        _tables = tables;
        _instructions = instructions;
        _gates = code.Variable(Vectors * 8);
        _pointers = (code.Variable(64) + 31) & ~31;
        GatesPointer = code.Variable();
        VectorsPointer = code.Variable();
        BackPointer = code.Variable();
        Cr0 = code.Variable();
        Cr3 = code.Variable();
        Cr4 = code.Variable();
        Flags = code.Variable();
        Offset = code.Variable();
        _page = new FuzzLegacyPage(this);
    }

    public FuzzCode Fuzz { get; }

    /// <summary>Limit and base of the gates of 32 bits.</summary>
    public int GatesPointer { get; }

    /// <summary>Limit and base of the vectors of real mode.</summary>
    public int VectorsPointer { get; }

    /// <summary>Where 64-bit code goes on, as a far pointer.</summary>
    public int BackPointer { get; }

    /// <summary>CR0 of the mode.</summary>
    public int Cr0 { get; }

    /// <summary>CR3 of the mode.</summary>
    public int Cr3 { get; }

    /// <summary>CR4 of the mode.</summary>
    public int Cr4 { get; }

    /// <summary>The flags that the random instruction begins with.</summary>
    public int Flags { get; }

    /// <summary>Where it is in its segment.</summary>
    public int Offset { get; }

    private Assembler Assembler => Fuzz.Assembler;

    /// <summary>Lays down the page of code, gates, the vectors of real mode and page tables. Changes every register.</summary>
    /// <param name="next">Where the step after goes on.</param>
    public void EmitStart(Label next)
    {
        Assembler c = Assembler;
        Label copy = c.CreateLabel();
        Label source = c.CreateLabel();
        c.jmp(copy);
        c.Label(ref source);
        c.db(_page.Bytes);
        _code.Mark(copy);
        c.cld();
        c.lea(rsi, __[source]);
        c.mov(edi, FuzzMemory.LegacyCode);
        c.mov(ecx, _page.Bytes.Length);
        c.rep.movsb();

        const int presentInterruptGateForUser = 0xEE00;
        const ulong gate = ((ulong)FuzzTables.ProtectedCode << 16) | ((ulong)presentInterruptGateForUser << 32);
        c.mov(rax, gate | (uint)_page.Return);
        c.mov(edi, _gates);
        c.mov(ecx, Vectors);
        c.rep.stosq();
        c.mov(eax, _page.RealHandler);
        c.xor(edi, edi);
        c.mov(ecx, Vectors);
        c.rep.stosd();
        WritePointer(GatesPointer, (Vectors * 8) - 1, _gates);
        WritePointer(VectorsPointer, (Vectors * 4) - 1, 0);

        const int userPage = 0x87;
        Label entry = c.CreateLabel();
        c.mov(edi, FuzzMemory.LegacyDirectory);
        c.mov(eax, userPage);
        _code.Mark(entry);
        c.stosd();
        c.add(eax, 0x40_0000);
        c.jnc(entry);
        for (int i = 0; i < 4; i++)
        {
            c.mov(__qword_ptr[_pointers + (i * 8)], (LongModeKernel.Directories + (i * 0x1000)) | 1);
        }

        Label back = c.CreateLabel();
        Label end = c.CreateLabel();
        c.lea(rax, __[back]);
        c.mov(__dword_ptr[BackPointer], eax);
        c.mov(__word_ptr[BackPointer + 4], FuzzTables.KernelCode);
        c.jmp(end);
        _code.Mark(back);
        _tables.LoadGates();
        Fuzz.EndInterrupt();
        c.jmp(next);
        _code.Mark(end);
    }

    /// <summary>One instruction in one of the modes; does not come to its end.</summary>
    public void EmitVisit()
    {
        Fuzz.RandomValues();
        Fuzz.ArmTimer();
        Fuzz.MaskLocalInterrupts();
        Assembler.mov(__qword_ptr[Fuzz.Dirty], 1);
        Fuzz.OneOf(
            () => Visit(_page.Real, WithoutPaging, 0, 0),
            () => Visit(_page.Virtual, WithoutPaging, 0, 0),
            () => Visit(_page.Confined, WithoutPaging, 0, 0),
            () => Visit(_page.Virtual, WithPaging, FuzzMemory.LegacyDirectory, PageSizeExtension),
            () => Visit(_page.Confined, WithPaging, FuzzMemory.LegacyDirectory, PageSizeExtension),
            () => Visit(_page.Confined, WithPaging, _pointers, PhysicalAddressExtension));
    }

    private void Visit(int entry, int controls, int pages, int extensions)
    {
        Assembler c = Assembler;
        _instructions.EmitRandomCode();
        if (entry == _page.Real)
        {
            _instructions.EmitTaming();
        }

        c.lea(eax, __[rbx - Fuzz.Memory.Scratch]);
        c.mov(__dword_ptr[Offset], eax);
        if (entry != _page.Confined)
        {
            c.movups(xmm0, __[rbx]);
            c.movups(__[rax + FuzzMemory.RealScratch], xmm0);
        }

        Fuzz.Random();
        c.and(eax, FuzzInstructions.FreeFlags & 0xFFFF);
        c.or(eax, FuzzInstructions.TrapFlag | FuzzInstructions.InterruptFlag | 2 | (entry == _page.Virtual ? Virtual8086 : 0));
        c.mov(__dword_ptr[Flags], eax);
        c.mov(__dword_ptr[Cr0], controls);
        c.mov(__dword_ptr[Cr3], pages);
        c.mov(__dword_ptr[Cr4], extensions);
        c.mov(ebx, entry);
        c.push(FuzzTables.ProtectedCode);
        c.push(_page.Leave);
        c.AddInstruction(Instruction.Create(Code.Retfq));
    }

    private void WritePointer(int pointer, int limit, int address)
    {
        Assembler.mov(__word_ptr[pointer], limit);
        Assembler.mov(__dword_ptr[pointer + 2], address);
    }
}
