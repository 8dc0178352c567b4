using System;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>The steps of a <see cref="FuzzGuest"/> that are one instruction: of random bytes, or one of those that only a host should
/// use.</summary>
/// <param name="fuzz">What they need.</param>
/// <param name="options">What the guest does.</param>
internal sealed class FuzzInstructions(FuzzCode fuzz, FuzzOptions options)
{
    /// <summary>The flag after which each instruction traps.</summary>
    public const int TrapFlag = 0x100;

    public const int InterruptFlag = 0x200;

    /// <summary>Flags that may have any value.</summary>
    public const int FreeFlags = 0x4_0CD5;

    /// <summary>Where code of random bytes may begin, in scratch memory.</summary>
    public const int CodeOffset = 0x4000;

    public const int CodeMask = 0xFFF;

    public const int StackOffset = 0x8000;

    private const int CodeLength = 16;

    private Assembler Assembler => fuzz.Assembler;

    /// <summary>An instruction in user mode, with 64 or 32 bits.</summary>
    public void EmitUser()
    {
        Assembler c = Assembler;
        fuzz.RandomValues();
        EmitRandomCode();
        fuzz.ArmTimer();
        c.mov(eax, FuzzTables.UserData);
        c.mov(ds, ax);
        c.mov(es, ax);
        PushFrame(FuzzTables.UserData, () => fuzz.OneOf(
            () => c.push(FuzzTables.UserCode), () => c.push(FuzzTables.UserCode), () => c.push(FuzzTables.CompatibilityCode)));
        LoadRegistersAndGo();
    }

    /// <summary>An instruction at privilege level 0, in page tables that keep it from changing anything but scratch memory.</summary>
    public void EmitKernel()
    {
        Assembler c = Assembler;
        fuzz.RandomValues();
        EmitRandomCode();
        EmitTaming();
        fuzz.ArmTimer();
        c.mov(__qword_ptr[fuzz.Dirty], 1);
        c.mov(eax, fuzz.Memory.Cage);
        c.mov(cr3, rax);
        c.mov(esp, fuzz.Memory.Scratch + StackOffset);
        PushFrame(FuzzTables.KernelData, () => c.push(FuzzTables.KernelCode));
        LoadRegistersAndGo();
    }

    /// <summary>Instructions of virtualization, of power management and of other processors, with random operands.</summary>
    public void EmitPrivileged()
    {
        Assembler c = Assembler;
        fuzz.RandomValues();
        RandomPlace();
        fuzz.ArmTimer();
        c.mov(__qword_ptr[fuzz.Dirty], 1);
        fuzz.Random();
        c.mov(rdx, rax);
        fuzz.Random();
        c.mov(rcx, rax);
        c.mov(rax, __qword_ptr[fuzz.Values]);
        c.mov(r8, rax);
        c.mov(__qword_ptr[fuzz.Values + 8], rcx);
        c.mov(__qword_ptr[fuzz.Values + 16], rdx);
        fuzz.OneOf(
            Operands(() => c.vmrun()), Operands(() => c.vmmcall()), Operands(() => c.vmload()), Operands(() => c.vmsave()),
            Operands(() => c.stgi()), Operands(() => c.clgi()), Operands(() => c.skinit()), Operands(() => c.invlpga()),
            Operands(() => c.vmxon(__qword_ptr[rbx])), Operands(() => c.vmcall()), Operands(() => c.vmlaunch()),
            Operands(() => c.vmresume()), Operands(() => c.vmxoff()), Operands(() => c.vmread(rax, rcx)),
            Operands(() => c.vmwrite(rax, rcx)), Operands(() => c.vmclear(__qword_ptr[rbx])), Operands(() => c.vmptrld(__qword_ptr[rbx])),
            Operands(() => c.vmptrst(__qword_ptr[rbx])), Operands(() => c.invept(rax, __xmmword_ptr[rbx])),
            Operands(() => c.invvpid(rax, __xmmword_ptr[rbx])), Operands(() => c.invpcid(rax, __xmmword_ptr[rbx])),
            Operands(() => c.vmfunc()), Operands(() => c.getsec()), Operands(() => c.rsm()), Operands(() => c.encls()),
            Operands(() => c.monitor()), Operands(() => c.mwait()), Operands(() => c.rdpmc()), Operands(() => c.rdtscp()),
            Operands(() => c.wbinvd()), Operands(() => c.invd()), Operands(() => c.xsetbv()), Operands(() => c.xgetbv()),
            Operands(() => c.lmsw(ax)), Operands(() => c.smsw(rax)), Operands(() => c.sysenter()), Operands(() => c.syscall()),
            Operands(() => c.sysexit()), Operands(() => c.int1()), Operands(() => c.int3()), Operands(() => c.ud2()),
            Operands(() => c.invlpg(__byte_ptr[rbx])), Operands(() => c.lldt(ax)), Operands(() => c.str(rax)),
            Operands(() => c.swapgs()), Operands(() => c.clts()), Operands(() => c.rdrand(rax)),
            Operands(() => c.fxrstor(__[rbx])), Operands(() => c.xsave(__[rbx])), Operands(() => c.xrstor(__[rbx])),
            Operands(() => c.cpuid()), Operands(() => c.cpuid()), Operands(EmitKnownLeaf), Operands(EmitSoftwareInterrupt),
            Operands(EmitFarJump), EmitHalt);
    }

    /// <summary>RBX becomes the address of random bytes in scratch memory; changes RAX and RCX.</summary>
    public void EmitRandomCode()
    {
        Assembler c = Assembler;
        RandomPlace();
        fuzz.Random();
        c.mov(__qword_ptr[rbx], rax);
        fuzz.Random();
        c.mov(__qword_ptr[rbx + 8], rax);
        fuzz.OneOf(
            () => { }, () => c.mov(__byte_ptr[rbx], 0x0F), () => c.mov(__word_ptr[rbx], 0x0F66), () => c.mov(__byte_ptr[rbx], 0xC5));
        EmitSparing();
    }

    /// <summary>Takes out of the random bytes at RBX what would take the processor out of reach: new descriptor tables, control registers,
    /// and ways to clear the flags that bring it back. Other steps do these, with values that leave a way back.</summary>
    public void EmitTaming()
    {
        int[] twoByteOpcodes = [0x00, 0x01, 0x22, 0x23, 0x07, 0x35];
        Tame([0x9D, 0xCF], twoByteOpcodes);
    }

    /// <summary>Takes out of the random bytes at RBX what exits, for an emulator that does that wrong.</summary>
    private void EmitSparing()
    {
        if (options.SparesBochs)
        {
            Tame([0xE4, 0xE5, 0xE6, 0xE7, 0xEC, 0xED, 0xEE, 0xEF, 0x6C, 0x6D, 0x6E, 0x6F, 0xF4], [0xA2, 0x30, 0x32, 0x33, 0x08, 0x09]);
        }
    }

    private void Tame(int[] opcodes, int[] twoByteOpcodes)
    {
        const int noOperationWithOperand = 0x1F;
        const int noOperation = 0x90;
        Assembler c = Assembler;
        Label next = c.CreateLabel();
        Label fine = c.CreateLabel();
        Label taken = c.CreateLabel();
        c.mov(ecx, CodeLength - 1);
        fuzz.Mark(next);
        c.movzx(eax, __word_ptr[rbx + rcx]);
        foreach (int opcode in twoByteOpcodes)
        {
            c.cmp(eax, 0x0F | (opcode << 8));
            c.je(taken);
        }

        foreach (int opcode in opcodes)
        {
            Label other = c.CreateLabel();
            c.cmp(al, (byte)opcode);
            c.jne(other);
            c.mov(__byte_ptr[rbx + rcx], noOperation);
            fuzz.Mark(other);
        }

        c.jmp(fine);
        fuzz.Mark(taken);
        c.mov(__byte_ptr[rbx + rcx + 1], noOperationWithOperand);
        fuzz.Mark(fine);
        c.dec(ecx);
        c.jns(next);
    }

    private void RandomPlace()
    {
        Assembler c = Assembler;
        fuzz.Random();
        c.mov(ebx, eax);
        c.and(ebx, CodeMask);
        c.add(ebx, fuzz.Memory.Scratch + CodeOffset);
    }

    private void PushFrame(int stack, Action pushCode)
    {
        Assembler c = Assembler;
        c.push(stack);
        c.push(fuzz.Memory.Scratch + StackOffset);
        fuzz.Random();
        c.and(eax, FreeFlags);
        c.or(eax, TrapFlag | InterruptFlag | 2);
        c.push(rax);
        pushCode();
        c.push(rbx);
    }

    private void LoadRegistersAndGo()
    {
        for (int i = 0; i < FuzzCode.Registers.Length; i++)
        {
            Assembler.mov(FuzzCode.Registers[i], __qword_ptr[fuzz.Values + (i * 8)]);
        }

        Assembler.iretq();
    }

    private Action Operands(Action instruction) => () =>
    {
        Assembler.mov(rax, __qword_ptr[fuzz.Values]);
        Assembler.mov(rcx, __qword_ptr[fuzz.Values + 8]);
        Assembler.mov(rdx, __qword_ptr[fuzz.Values + 16]);
        instruction();
    };

    private void EmitKnownLeaf()
    {
        Assembler.and(eax, unchecked((int)0xC000_001F));
        Assembler.and(ecx, 0x1F);
        Assembler.cpuid();
    }

    private void EmitSoftwareInterrupt()
    {
        int[] vectors = [0, 2, 8, 13, 14, 18, 32, 0x80, 0xFF];
        fuzz.OneOf(Array.ConvertAll(vectors, vector => (Action)(() => Assembler.@int((byte)vector))));
    }

    /// <summary>To a random place by a random selector.</summary>
    private void EmitFarJump() => Assembler.db(0xFF, 0x2B);

    /// <summary>Until the timer's interrupt.</summary>
    private void EmitHalt()
    {
        Assembler.sti();
        Assembler.hlt();
    }
}
