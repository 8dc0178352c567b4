using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Uses INS and OUTS: writes a line by REP OUTSB, longer than one exit sees to; reads the UART's line status by REP INSB, downwards; and
/// has OUTSB read a page that is not there, which is the end.
/// </summary>
public static class StringPortGuest
{
    private const int Com1 = 0x3F8;
    private const int LineStatus = Com1 + 5;
    private const int PageFaultVector = 14;
    private const int SavedRegisters = 15;

    /// <summary>Its lines.</summary>
    public static IReadOnlyList<string> Lines { get; } =
        [string.Concat(Enumerable.Range(0, 20).Select(i => $"[text {i:00}]")), "in 96 96", "fault 0 at 4294967296"];

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    public static byte[] Build() => LongModeKernel.Build(code =>
    {
        Assembler c = code.Assembler;
        int room = code.Variable();
        Label text = c.CreateLabel();
        Label behind = c.CreateLabel();
        byte[] bytes = Encoding.ASCII.GetBytes(Lines[0] + "\r\n");
        code.Gate(PageFaultVector, () =>
        {
            code.Print("fault ");
            c.mov(rax, __qword_ptr[rsp + (SavedRegisters * 8)]);
            code.PrintDecimal();
            c.mov(rax, cr2);
            code.PrintLine(" at ");
            code.PowerOff();
        });
        code.StartInterrupts();
        c.jmp(behind);
        c.Label(ref text);
        c.db(bytes);
        code.Mark(behind);
        c.lea(rsi, __[text]);
        c.mov(ecx, bytes.Length);
        c.mov(edx, Com1);
        c.rep.outsb();

        // Twice, downwards.
        c.mov(edi, room + 1);
        c.mov(ecx, 2);
        c.mov(edx, LineStatus);
        c.std();
        c.rep.insb();
        c.cld();
        code.Print("in ");
        c.movzx(eax, __byte_ptr[room]);
        code.PrintDecimal();
        c.movzx(eax, __byte_ptr[room + 1]);
        code.PrintLine(" ");

        // Memory is mapped up to here.
        c.mov(rsi, 1L << 32);
        c.mov(edx, Com1);
        c.outsb();
    });
}
