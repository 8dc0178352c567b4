using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>Descriptors, task state, gates and page tables of one processor of a <see cref="FuzzGuest"/>.</summary>
internal sealed class FuzzTables
{
    public const int ProtectedCode = 0x08;
    public const int KernelData = 0x10;
    public const int KernelCode = 0x18;
    public const int UserData = 0x23;
    public const int UserCode = 0x2B;
    public const int CompatibilityCode = 0x43;
    public const int ConfinedCode = 0x4B;
    public const int ConfinedData = 0x53;
    public const int RealCode = 0x58;
    public const int RealData = 0x60;

    private const int TaskSelector = 0x30;
    private const int TaskLength = 104;
    private const int Vectors = 256;
    private const int Present = 0x01;
    private const int Writable = 0x03;
    private const int User = 0x07;
    private const int Large = 0x80;

    private readonly LongModeCode _code;
    private readonly FuzzMemory _memory;
    private readonly int _descriptors;
    private readonly int _task;
    private readonly int _pointer;
    private readonly int _gates;

    public FuzzTables(LongModeCode code, FuzzMemory memory)
    {
        _code = code;
        _memory = memory;
        _descriptors = code.Variable(13 * 8);
        _task = code.Variable(TaskLength);
        _pointer = code.Variable(16);
        _gates = code.Variable(Vectors * 16);
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>Descriptors, and a task state with one stack for everything that interrupts. Changes RAX.</summary>
    public void EmitDescriptors()
    {
        Assembler c = Assembler;

        // All are marked as accessed, so that loading one writes nothing.
        ulong confined = (ulong)_memory.Scratch << 16;
        ulong[] descriptors =
        [
            0, 0x00CF_9B00_0000_FFFF, 0x00CF_9300_0000_FFFF, 0x00AF_9B00_0000_FFFF, 0x00CF_F300_0000_FFFF, 0x00AF_FB00_0000_FFFF,
            0x0000_8900_0000_0000 | (TaskLength - 1) | ((ulong)_task << 16), 0, 0x00CF_FB00_0000_FFFF,
            0x004F_FB00_0000_FFFF | confined, 0x004F_F300_0000_FFFF | confined, 0x0000_9B00_0000_FFFF, 0x0000_9300_0000_FFFF,
        ];
        for (int i = 0; i < descriptors.Length; i++)
        {
            c.mov(rax, descriptors[i]);
            c.mov(__qword_ptr[_descriptors + (i * 8)], rax);
        }

        // Legacy modes take a stack with its selector from offset 4; 64-bit mode takes the first interrupt stack.
        c.mov(rax, ((ulong)KernelData << 32) | (uint)_memory.InterruptStackTop);
        c.mov(__qword_ptr[_task + 4], rax);
        c.mov(__qword_ptr[_task + 36], _memory.InterruptStackTop);
        c.mov(__word_ptr[_task + 102], TaskLength);
        LoadTable(_descriptors, (descriptors.Length * 8) - 1, isInterrupts: false);
        c.mov(eax, TaskSelector);
        c.ltr(ax);
        c.mov(eax, KernelData);
        c.mov(ss, ax);
    }

    /// <summary>Leads the 32 exceptions to one place and everything else to another. Changes RAX and RDI.</summary>
    public void EmitGates(Label exception, Label interrupt)
    {
        EmitGates(0, 32, exception);
        EmitGates(32, Vectors, interrupt);
        LoadGates();
    }

    /// <summary>Uses the gates, also after other modes.</summary>
    public void LoadGates() => LoadTable(_gates, (Vectors * 16) - 1, isInterrupts: true);

    /// <summary>Opens scratch memory to user mode, and makes the tables in which nothing else is writable. Changes RAX and RDI.</summary>
    public void EmitPages()
    {
        Assembler c = Assembler;
        c.@lock.or(__dword_ptr[LongModeKernel.TablesBegin], User);
        c.@lock.or(__dword_ptr[LongModeKernel.TablesBegin + 0x1000], User);
        c.@lock.or(__dword_ptr[LongModeKernel.Directories + EntryOf(_memory.Scratch)], User);
        int pointers = _memory.Cage + 0x1000;
        int directory = _memory.Cage + 0x2000;
        c.cld();
        c.mov(edi, _memory.Cage);
        c.mov(ecx, 0x3000 / 4);
        c.xor(eax, eax);
        c.rep.stosd();
        c.mov(__dword_ptr[_memory.Cage], pointers | User);
        c.mov(__dword_ptr[pointers], directory | User);
        c.mov(__dword_ptr[directory], Present | Large);
        MapLarge(_memory.InterruptStackTop, Writable);
        MapLarge(_memory.Scratch, User);
        c.mov(rax, cr3);
        c.mov(cr3, rax);

        void MapLarge(int address, int access) =>
            c.mov(__dword_ptr[directory + EntryOf(address)], (address & -FuzzMemory.ScratchLength) | access | Large);
    }

    private static int EntryOf(int address) => address >> 21 << 3;

    private void EmitGates(int first, int end, Label entry)
    {
        const int presentInterruptGateForUserOnStack1 = 0xEE01;
        Assembler c = Assembler;
        Label again = c.CreateLabel();
        c.mov(edi, _gates + (first * 16));
        _code.Mark(again);
        c.lea(rax, __[entry]);
        c.mov(__word_ptr[rdi], ax);
        c.mov(__word_ptr[rdi + 2], KernelCode);
        c.mov(__word_ptr[rdi + 4], presentInterruptGateForUserOnStack1);
        c.shr(rax, 16);
        c.mov(__qword_ptr[rdi + 6], rax);
        c.add(edi, 16);
        c.cmp(edi, _gates + (end * 16));
        c.jb(again);
    }

    private void LoadTable(int address, int limit, bool isInterrupts)
    {
        Assembler c = Assembler;
        c.mov(__word_ptr[_pointer], limit);
        c.mov(__qword_ptr[_pointer + 2], address);
        if (isInterrupts)
        {
            c.lidt(__[_pointer]);
        }
        else
        {
            c.lgdt(__[_pointer]);
        }
    }
}
