using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Pieces of guests: saying something and leaving.</summary>
public static class GuestCode
{
    private const int Com1 = 0x3F8;
    private const int PowerManagementControl = 0x604;
    private const int SoftOff = (5 << 10) | (1 << 13);

    // What \_S5 gives on a PC of QEMU, where guests are tried without the hypervisor.
    private const int SoftOffInQemu = 1 << 13;

    /// <summary>Writes ASCII text to COM1; changes RAX and RDX.</summary>
    public static void Print(Assembler c, string text)
    {
        c.mov(edx, Com1);
        foreach (char character in text)
        {
            c.mov(eax, character);
            c.@out(dx, al);
        }
    }

    /// <summary>Writes RAX to COM1 in decimal; changes RAX, RCX, RDX, RSI.</summary>
    public static void PrintDecimal(Assembler c)
    {
        Label divide = c.CreateLabel();
        Label print = c.CreateLabel();
        c.mov(esi, 10);
        c.xor(ecx, ecx);
        c.Label(ref divide);
        c.xor(edx, edx);
        c.div(rsi);
        c.push(rdx);
        c.inc(ecx);
        c.test(rax, rax);
        c.jne(divide);
        c.mov(edx, Com1);
        c.Label(ref print);
        c.pop(rax);
        c.add(eax, '0');
        c.@out(dx, al);
        c.dec(ecx);
        c.jne(print);
    }

    /// <summary>Powers the virtual machine off by ACPI; does not return.</summary>
    public static void PowerOff(Assembler c)
    {
        Label again = c.CreateLabel();
        c.mov(edx, PowerManagementControl);
        c.mov(eax, SoftOff);
        c.@out(dx, ax);
        c.mov(eax, SoftOffInQemu);
        c.@out(dx, ax);
        c.Label(ref again);
        c.hlt();
        c.jmp(again);
    }
}
