using System;
using System.Collections.Generic;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Counts what an exit costs: the time-stamp counter around a loop of exits, less the same loop without them. Where the counter
/// counts instructions (QEMU with -icount shift=0), the figures are exact. Prints lines "exit NAME TICKS", ticks for
/// <see cref="Rounds"/> exits.
/// </summary>
public static class ExitCostGuest
{
    /// <summary>Exits of each kind.</summary>
    public const int Rounds = 1000;

    /// <summary>The name of the line for the loop without an exit in it.</summary>
    public const string Loop = "loop";

    /// <summary>The name of the CPUID exit's line.</summary>
    public const string Cpuid = "cpuid";

    /// <summary>The name of the port read's line: the ACPI PM timer's status, a port with a device behind it.</summary>
    public const string PortRead = "port-read";

    /// <summary>The name of the line for a write of the local APIC's end-of-interrupt register through x2APIC.</summary>
    public const string ApicWrite = "apic-write";

    /// <summary>The names of the exits, in the order of their lines.</summary>
    public static IReadOnlyList<string> Exits { get; } = [Cpuid, PortRead, ApicWrite];

    private const int PowerManagementStatus = 0x600;
    private const int ApicBase = 0x1B;
    private const uint X2ApicEnable = 0xFEE0_0D00;
    private const int EndOfInterrupt = 0x80B;

    /// <summary>The kernel.</summary>
    public static byte[] Build() => GuestKernel.Build(c =>
    {
        c.mov(ecx, ApicBase);
        c.mov(eax, X2ApicEnable);
        c.xor(edx, edx);
        c.wrmsr();
        Measure(c, Loop, () => { });
        Measure(c, Cpuid, () =>
        {
            c.xor(eax, eax);
            c.cpuid();
        });
        Measure(c, PortRead, () =>
        {
            c.mov(edx, PowerManagementStatus);
            c.@in(ax, dx);
        });
        Measure(c, ApicWrite, () =>
        {
            c.mov(ecx, EndOfInterrupt);
            c.xor(eax, eax);
            c.xor(edx, edx);
            c.wrmsr();
        });
        GuestCode.PowerOff(c);
    });

    private static void Measure(Assembler c, string name, Action body)
    {
        Label again = c.CreateLabel();
        c.mov(r15d, Rounds);
        c.rdtsc();
        c.shl(rdx, 32);
        c.or(rax, rdx);
        c.mov(r14, rax);
        c.Label(ref again);
        body();
        c.dec(r15d);
        c.jne(again);
        c.rdtsc();
        c.shl(rdx, 32);
        c.or(rax, rdx);
        c.sub(rax, r14);
        c.mov(r13, rax);
        GuestCode.Print(c, $"exit {name} ");
        c.mov(rax, r13);
        GuestCode.PrintDecimal(c);
        GuestCode.Print(c, "\r\n");
    }
}
