using System;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>
/// The steps of a <see cref="FuzzGuest"/> that its kernel takes itself: ports, MSRs, device registers, interrupts, control registers and
/// page tables.
/// </summary>
/// <param name="fuzz">What they need.</param>
/// <param name="options">What the guest does.</param>
/// <param name="ready">Where it is said that the second processor takes steps: an NMI while it starts would end the machine.</param>
internal sealed class FuzzDevices(FuzzCode fuzz, FuzzOptions options, int ready)
{
    /// <summary>The delivery mode that an interrupt may have at any time: fixed.</summary>
    private const int OnlyFixed = ~0x700;

    private const int FirstMessageRegister = 0x2F0;
    private const int LastMessageRegister = 0x370;

    /// <summary>
    /// What must not be written: keyboard controller and fast reset, SMI, the data of COM1, a firmware's DMA, power management control,
    /// reset and PCI configuration.
    /// </summary>
    private static readonly (int First, int Last)[] _portsThatEnd =
        [(0x60, 0x64), (0x92, 0x92), (0xB0, 0xB3), (0x3F8, 0x3F8), (0x510, 0x51B), (0x600, 0x605), (0xCF8, 0xCFF)];

    private static readonly int[] _ports =
    [
        0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1, 0x40, 0x41, 0x42, 0x43, 0x61, 0x70, 0x71, 0x80, 0x3F9, 0x3FA, 0x3FB, 0x3FC, 0x3FD,
        0x600, 0x604, 0x608, 0xCF8,
    ];

    private static readonly int[] _msrs =
        [0x10, 0x11, 0x12, 0x1B, 0x277, 0x2FF, 0x3A, 0x3B, 0x1A0, 0x6E0, 0x174, 0x1D9, 0xD90, 0x4B56_4D00, 0x4B56_4D01, 0x4000_0000];

    private const int FirstClockMsr = 0x4B56_4D00;

    /// <summary>The steps.</summary>
    public Action[] Steps =>
    [
        EmitPortRead, EmitPortWrite, EmitMsrRead, EmitMsrWrite, EmitDeviceRead, EmitDeviceWrite, EmitControlRegister, EmitDebugRegister,
        EmitInterrupt, EmitPageTable,
    ];

    private Assembler Assembler => fuzz.Assembler;

    /// <summary>Ends the machine: reset in its ways, power-off, a triple fault, a halt that nothing ends.</summary>
    public void EmitEnd()
    {
        const int noDescriptors = 0;
        const int soft = (5 << 10) | (1 << 13);
        Assembler c = Assembler;
        fuzz.OneOf(
            () => fuzz.WriteByte(0xCF9, 6),
            () => fuzz.WriteByte(0x64, 0xFE),
            () => fuzz.WriteByte(0x92, 1),
            () => SendToSelf(ApicCode.Init),
            () =>
            {
                c.mov(edx, 0x604);
                c.mov(eax, soft);
                c.@out(dx, ax);
            },
            () =>
            {
                if (options.SparesBochs)
                {
                    return;
                }

                c.push(noDescriptors);
                c.push(noDescriptors);
                c.lidt(__[rsp]);
                c.ud2();
            },
            () => c.hlt());
    }

    /// <summary>Has COM1 send again what is written to it.</summary>
    public void ResetUart()
    {
        fuzz.WriteByte(0x3FB, 0x03);
        fuzz.WriteByte(0x3F9, 0x00);
        fuzz.WriteByte(0x3FA, 0x00);
        fuzz.WriteByte(0x3FC, 0x03);
    }

    private void EmitPortRead()
    {
        Assembler c = Assembler;
        ChoosePort();
        fuzz.OneOf(
            () => In(() => c.@in(al, dx)), () => In(() => c.@in(ax, dx)), () => In(() => c.@in(eax, dx)),
            () => In(InString));

        void InString()
        {
            c.mov(edi, fuzz.Memory.Scratch + 0x10000);
            c.mov(ecx, 7);
            c.rep.insb();
        }
    }

    private void EmitPortWrite()
    {
        Assembler c = Assembler;
        Label skip = c.CreateLabel();
        ChoosePort();
        foreach ((int first, int last) in _portsThatEnd)
        {
            // The widest write goes over four ports.
            Label fine = c.CreateLabel();
            c.cmp(ebx, first - 3);
            c.jb(fine);
            c.cmp(ebx, last);
            c.jbe(skip);
            fuzz.Mark(fine);
        }

        fuzz.Random();
        c.mov(rsi, rax);
        fuzz.OneOf(
            () => Out(() => c.@out(dx, al)), () => Out(() => c.@out(dx, ax)), () => Out(() => c.@out(dx, eax)),
            () => Out(OutString));
        fuzz.Mark(skip);

        void OutString()
        {
            c.mov(esi, fuzz.Memory.Scratch + 0x4000);
            c.mov(ecx, 5);
            c.rep.outsw();
        }
    }

    private void EmitMsrRead()
    {
        ChooseMsr();
        Assembler.mov(ecx, ebx);
        Assembler.rdmsr();
    }

    private void EmitMsrWrite()
    {
        Assembler c = Assembler;
        ChooseMsr();
        fuzz.Random();
        c.mov(rsi, rax);
        fuzz.OneOf(() => { }, () => c.movzx(esi, si), () => c.and(esi, 0xFF), () => c.mov(esi, esi));
        For(0x1B, 0x1B, () =>
        {
            c.and(esi, 0x400);
            c.or(esi, FuzzMemory.ApicPage | 0x900);
        });
        For(0x11, 0x12, UseScratch);
        For(FirstClockMsr, FirstClockMsr + 0xFF, UseScratch);
        For(0x800 + (FirstMessageRegister >> 4), 0x800 + (LastMessageRegister >> 4), () => c.and(esi, OnlyFixed));
        c.mov(__qword_ptr[fuzz.Dirty], 1);
        c.mov(ecx, ebx);
        c.mov(rax, rsi);
        c.mov(rdx, rsi);
        c.shr(rdx, 32);
        c.wrmsr();

        void UseScratch()
        {
            c.and(esi, 0xFFFF);
            c.or(esi, fuzz.Memory.Scratch | 1);
        }

        void For(int first, int last, Action body)
        {
            Label other = c.CreateLabel();
            c.lea(eax, __[rbx - first]);
            c.cmp(eax, last - first);
            c.ja(other);
            body();
            fuzz.Mark(other);
        }
    }

    /// <summary>Every form of load that a driver's compiler makes of a volatile read.</summary>
    private void EmitDeviceRead()
    {
        Assembler c = Assembler;
        ChooseDevice();
        fuzz.OneOf(
            () => c.mov(al, __[rbx]), () => c.mov(ax, __[rbx]), () => c.mov(eax, __[rbx]), () => c.mov(rax, __[rbx]),
            () => c.mov(r9d, __dword_ptr[rbx]), () => c.movzx(eax, __byte_ptr[rbx]), () => c.movzx(r12d, __word_ptr[rbx]),
            () => c.movsx(rax, __byte_ptr[rbx]), () => c.movsxd(rdx, __dword_ptr[rbx]), () => c.mov(ah, __[rbx]));
    }

    private void EmitDeviceWrite()
    {
        Assembler c = Assembler;
        Label other = c.CreateLabel();
        Label fine = c.CreateLabel();
        ChooseDevice();
        fuzz.Random();
        c.mov(rsi, rax);

        // Registers that send or name interrupts: whole ones only, and none that would come in another mode.
        c.mov(eax, ebx);
        c.and(eax, -0x1000);
        c.cmp(eax, FuzzMemory.ApicPage);
        c.jne(other);
        c.mov(eax, ebx);
        c.and(eax, 0xFFF);
        c.cmp(eax, FirstMessageRegister - 16);
        c.jb(fine);
        c.cmp(eax, LastMessageRegister + 15);
        c.ja(fine);
        c.and(ebx, -16);
        fuzz.Mark(other);
        c.and(rsi, OnlyFixed);
        fuzz.Mark(fine);
        c.mov(rax, rsi);
        c.mov(r9, rsi);
        fuzz.OneOf(
            () => c.mov(__[rbx], sil), () => c.mov(__[rbx], si), () => c.mov(__[rbx], esi), () => c.mov(__[rbx], rsi),
            () => c.mov(__dword_ptr[rbx], r9d), () => c.mov(__dword_ptr[rbx], 0x31), () => c.mov(__byte_ptr[rbx], 0x31),
            () => c.xchg(__[rbx], esi), () => c.xchg(__[rbx], sil));
    }

    /// <summary>Bits of CR0, CR4 and XCR0 that leave long mode and paging as they are.</summary>
    private void EmitControlRegister()
    {
        Assembler c = Assembler;
        const int numericErrorAndCaching = 0x6000_0020;
        int cr0Bits = options.SparesQemu ? 0x7FF9_FFFE & ~numericErrorAndCaching : 0x7FF9_FFFE;
        const int physicalAddressExtension = 1 << 5;
        const int knownCr4Bits = 0x75_0FFF;
        const int cr3Bits = 0x18;
        fuzz.OneOf(
            () =>
            {
                fuzz.Random();
                c.and(eax, cr0Bits);
                c.mov(rcx, cr0);
                c.xor(rcx, rax);
                c.mov(cr0, rcx);
            },
            () => ToggleCr4(() => { }),
            () => ToggleCr4(() =>
            {
                fuzz.Random();
                c.and(ecx, 63);
                c.mov(eax, 1);
                c.shl(rax, cl);
            }),
            () =>
            {
                fuzz.Random();
                c.mov(rdx, rax);
                c.shr(rdx, 32);
                c.and(eax, 0xFFF);
                c.and(edx, 0x11);
                c.xor(ecx, ecx);
                c.xsetbv();
            },
            () =>
            {
                if (options.SparesQemu)
                {
                    return;
                }

                fuzz.Random();
                c.mov(cr8, rax);
                c.xor(eax, eax);
                c.mov(cr8, rax);
            },
            () =>
            {
                fuzz.Random();
                c.and(eax, cr3Bits);
                c.or(eax, LongModeKernel.TablesBegin);
                c.mov(cr3, rax);
            });

        void ToggleCr4(Action choose)
        {
            fuzz.Random();
            choose();
            c.and(rax, (options.SparesQemu ? knownCr4Bits : -1) & ~physicalAddressExtension);
            c.mov(rcx, cr4);
            c.xor(rcx, rax);
            c.mov(cr4, rcx);
        }
    }

    private void EmitDebugRegister()
    {
        const int breakpoints = 0xFF;
        Assembler c = Assembler;
        fuzz.Random();
        c.mov(__qword_ptr[fuzz.Dirty], 1);
        fuzz.OneOf(
            () => Write(dr0), () => Write(dr1), () => Write(dr2), () => Write(dr3),
            () => WriteHalf(dr6, -1), () => WriteHalf(dr7, ~breakpoints));

        void WriteHalf(AssemblerRegisterDR register, int spared)
        {
            fuzz.Random();
            if (options.SparesQemu)
            {
                c.and(eax, spared);
            }

            c.mov(register, rax);
            c.mov(rax, register);
        }

        void Write(AssemblerRegisterDR register)
        {
            fuzz.Random();
            c.mov(register, rax);
            c.mov(rax, register);
        }
    }

    /// <summary>An interrupt of any kind that a processor stands, by the page or the MSRs, taken in a window of a few instructions; and
    /// NMI, INIT and start-up for the second processor.</summary>
    private void EmitInterrupt()
    {
        const int toSelf = 0x4_0000;
        Assembler c = Assembler;
        fuzz.Random();
        c.and(eax, 0xC_4FFF & OnlyFixed);
        c.mov(ebx, eax);
        fuzz.Random();
        c.and(eax, 3);
        c.mov(edi, eax);
        fuzz.Seldom(8, () => c.mov(ebx, toSelf | ApicCode.NonMaskable));
        if (fuzz.Memory.Number == 0 && options.Processors > 1)
        {
            fuzz.Seldom(8, () =>
            {
                Label skip = c.CreateLabel();
                c.mov(edi, 1);
                fuzz.OneOf(
                    () => c.mov(ebx, ApicCode.Startup | LongModeKernel.StartupVector),
                    () =>
                    {
                        c.mov(__qword_ptr[ready], 0);
                        c.mov(ebx, ApicCode.Init);
                    },
                    () =>
                    {
                        c.cmp(__qword_ptr[ready], 0);
                        c.je(skip);
                        c.mov(ebx, ApicCode.NonMaskable);
                    });
                fuzz.Mark(skip);
            });
        }

        fuzz.OneOf(
            () =>
            {
                c.mov(ecx, FuzzMemory.ApicPage + 0x300);
                c.shl(edi, 24);
                c.mov(__[rcx + 0x10], edi);
                c.mov(__[rcx], ebx);
            },
            () =>
            {
                c.mov(ecx, 0x830);
                c.mov(eax, ebx);
                c.mov(edx, edi);
                c.wrmsr();
            },
            () =>
            {
                c.mov(ecx, 0x83F);
                c.movzx(eax, bl);
                c.xor(edx, edx);
                c.wrmsr();
            });
        c.sti();
        c.nop();
        c.nop();
        c.cli();
    }

    /// <summary>An entry of random bits, to scratch memory, to devices or to nowhere, and an access through it.</summary>
    private void EmitPageTable()
    {
        Assembler c = Assembler;
        c.mov(__qword_ptr[fuzz.Dirty], 1);
        fuzz.Random();
        c.mov(rbx, rax);
        c.mov(rdx, unchecked((long)0xFFF0_0000_0000_0FFF));
        c.and(rbx, rdx);
        fuzz.OneOf(
            () => c.or(rbx, fuzz.Memory.Scratch),
            () => c.or(rbx, fuzz.Memory.Scratch | 0x80),
            () =>
            {
                c.mov(eax, FuzzMemory.ApicPage);
                c.or(rbx, rax);
            },
            () =>
            {
                fuzz.Random();
                c.mov(rdx, 0x000F_FFFF_C000_0000);
                c.and(rax, rdx);
                c.or(rbx, rax);
            });
        fuzz.OneOf(() => { }, () => c.or(rbx, 1), () =>
        {
            c.mov(rdx, 0x000F_FFFF_FFFF_FFFF);
            c.and(rbx, rdx);
            c.or(rbx, 0x81);
        });
        c.mov(__qword_ptr[fuzz.Memory.WindowEntry], rbx);
        fuzz.Random();
        c.mov(ebx, eax);
        c.and(ebx, 0x1F_FFFC);
        c.mov(eax, unchecked((int)fuzz.Memory.Window));
        c.add(rbx, rax);
        c.invlpg(__[rbx]);
        c.mov(eax, __[rbx]);
    }

    /// <summary>In the mode that the local APIC is in: the other one's way does nothing.</summary>
    private void SendToSelf(int command)
    {
        Assembler c = Assembler;
        c.mov(ecx, FuzzMemory.ApicPage + 0x300);
        c.mov(__dword_ptr[rcx + 0x10], 0);
        c.mov(__dword_ptr[rcx], command);
        c.mov(ecx, 0x830);
        c.mov(eax, command);
        c.xor(edx, edx);
        c.wrmsr();
    }

    private void In(Action read)
    {
        Assembler.mov(edx, ebx);
        read();
    }

    private void Out(Action write)
    {
        Assembler.mov(edx, ebx);
        Assembler.mov(rax, rsi);
        write();
    }

    /// <summary>EBX becomes a port.</summary>
    private void ChoosePort() => Choose(_ports, () => Assembler.movzx(ebx, ax));

    /// <summary>EBX becomes the number of an MSR.</summary>
    private void ChooseMsr()
    {
        Assembler c = Assembler;
        Choose(_msrs, () => fuzz.OneOf(
            () => Within(0x800, 0x3F), () => Within(0, 0x7FF), () => Within(unchecked((int)0xC000_0080), 0x7F),
            () => Within(unchecked((int)0xC001_0000), 0x1FF), () =>
            {
                fuzz.Random();
                c.mov(ebx, eax);
            }));
    }

    /// <summary>RBX becomes an address of a device, or of none.</summary>
    private void ChooseDevice() => fuzz.OneOf(
        () => Within(FuzzMemory.ApicPage, 0xFF0), () => Within(FuzzMemory.ApicPage, 0xFFF), () => Within(unchecked((int)0xFEC0_0000), 0x10),
        () => Within(unchecked((int)0xFEC0_0000), 0xFFF), () => Within(unchecked((int)0xFED0_0000), 0xF_FFFF),
        () => Within(unchecked((int)0xF000_0000), 0xFF_FFFF));

    private void Within(int start, int mask)
    {
        fuzz.Random();
        Assembler.and(eax, mask);
        Assembler.add(eax, start);
        Assembler.mov(ebx, eax);
    }

    /// <summary>EBX becomes one of several values, or something else that begins with a number in RAX.</summary>
    private void Choose(int[] values, Action other)
    {
        Action[] choices = new Action[values.Length + (values.Length / 2)];
        Array.Fill(choices, () =>
        {
            fuzz.Random();
            other();
        });
        for (int i = 0; i < values.Length; i++)
        {
            int value = values[i];
            choices[i] = () => Assembler.mov(ebx, value);
        }

        fuzz.OneOf(choices);
    }
}
