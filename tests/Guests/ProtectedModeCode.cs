using System;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Code of a guest that runs in 32-bit protected mode without paging and says what it finds in memory.</summary>
public sealed class ProtectedModeCode
{
    private const int Com1 = 0x3F8;

    /// <summary>In low memory, far from all that a loader puts there.</summary>
    private const int StackTop = 0x8_0000;

    private readonly Assembler _c = new(32);
    private Label _printHex;
    private Label _printText;
    private Label _printBytes;

    private ProtectedModeCode()
    {
        _printHex = _c.CreateLabel();
        _printText = _c.CreateLabel();
        _printBytes = _c.CreateLabel();
    }

    /// <summary>Assembles a guest that powers off at its end. It is entered at its first byte and finds EBX in EBP.</summary>
    /// <param name="address">Where it lies.</param>
    /// <param name="emit">Emits the code; it keeps EBP.</param>
    public static byte[] Assemble(uint address, Action<ProtectedModeCode> emit)
    {
        ProtectedModeCode code = new();
        Assembler c = code._c;
        c.mov(esp, StackTop);
        c.mov(ebp, ebx);
        code.Print("eax ");
        code.PrintEax();
        emit(code);
        code.Print("\r\n");
        GuestCode.PowerOff(c);
        code.EmitRoutines();
        using var bytes = new MemoryStream();
        c.Assemble(new StreamCodeWriter(bytes), address);
        return bytes.ToArray();
    }

    /// <summary>Writes text.</summary>
    public void Print(string text)
    {
        _c.push(eax);
        GuestCode.Print(_c, text);
        _c.pop(eax);
    }

    /// <summary>Writes the doubleword at an address in hexadecimal.</summary>
    public void PrintHex(string label, AssemblerMemoryOperand place)
    {
        Print(label);
        _c.mov(eax, place);
        PrintEax();
    }

    /// <summary>Writes the text that a pointer in memory leads to.</summary>
    public void PrintText(string label, AssemblerMemoryOperand place)
    {
        Print(label);
        _c.mov(esi, place);
        _c.call(_printText);
    }

    /// <summary>Writes the bytes that a pointer in memory leads to.</summary>
    /// <param name="label">Comes before them.</param>
    /// <param name="place">Where they begin.</param>
    /// <param name="length">How many.</param>
    /// <param name="lengthIsEnd">Their end is given instead.</param>
    public void PrintBytes(string label, AssemblerMemoryOperand place, AssemblerMemoryOperand length, bool lengthIsEnd)
    {
        Print(label);
        _c.mov(esi, place);
        _c.mov(ecx, length);
        if (lengthIsEnd)
        {
            _c.sub(ecx, esi);
        }

        _c.call(_printBytes);
    }

    /// <summary>Does something for each entry of a table, EDI at the entry.</summary>
    /// <param name="table">Points to the table.</param>
    /// <param name="length">Its entries, or bytes.</param>
    /// <param name="unit">What one entry takes off <paramref name="length"/>: 1, or its bytes.</param>
    /// <param name="entryLength">Bytes of an entry.</param>
    /// <param name="body">What to do; keeps EBX, EDI and EBP.</param>
    public void ForEach(AssemblerMemoryOperand table, AssemblerMemoryOperand length, int unit, int entryLength, Action body)
    {
        Label again = _c.CreateLabel();
        Label end = _c.CreateLabel();
        _c.mov(edi, table);
        _c.mov(ebx, length);
        _c.Label(ref again);
        _c.cmp(ebx, 0);
        _c.jle(end);
        body();
        _c.add(edi, entryLength);
        _c.sub(ebx, unit);
        _c.jmp(again);
        _c.Label(ref end);
        _c.nop();
    }

    private void PrintEax() => _c.call(_printHex);

    private void EmitRoutines()
    {
        Assembler c = _c;
        Label nextDigit = c.CreateLabel();
        Label digit = c.CreateLabel();
        c.Label(ref _printHex);
        c.mov(edx, Com1);
        c.mov(ecx, 8);
        c.Label(ref nextDigit);
        c.rol(eax, 4);
        c.push(eax);
        c.and(eax, 15);
        c.cmp(eax, 10);
        c.jb(digit);
        c.add(eax, 'A' - '9' - 1);
        c.Label(ref digit);
        c.add(eax, '0');
        c.@out(dx, al);
        c.pop(eax);
        c.dec(ecx);
        c.jne(nextDigit);
        c.ret();

        Label nextCharacter = c.CreateLabel();
        Label endOfText = c.CreateLabel();
        c.Label(ref _printText);
        c.mov(edx, Com1);
        c.Label(ref nextCharacter);
        c.mov(al, __[esi]);
        c.test(al, al);
        c.je(endOfText);
        c.@out(dx, al);
        c.inc(esi);
        c.jmp(nextCharacter);
        c.Label(ref endOfText);
        c.ret();

        Label nextByte = c.CreateLabel();
        Label endOfBytes = c.CreateLabel();
        c.Label(ref _printBytes);
        c.mov(edx, Com1);
        c.Label(ref nextByte);
        c.test(ecx, ecx);
        c.je(endOfBytes);
        c.mov(al, __[esi]);
        c.@out(dx, al);
        c.inc(esi);
        c.dec(ecx);
        c.jmp(nextByte);
        c.Label(ref endOfBytes);
        c.ret();
    }
}
