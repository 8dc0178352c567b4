using System;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Platform.Faults;

/// <summary>Says what a fault in the core was: what, where, the registers, and the calls that led there.</summary>
public static class FaultReport
{
    private const int GeneralRegisters = 16;

    /// <summary>The general registers' names, three characters each, as the dump orders them.</summary>
    private static ReadOnlySpan<byte> GeneralNames => "raxrbxrcxrdxrsirdirbprspr8 r9 r10r11r12r13r14r15"u8;

    /// <summary>The same registers' numbers in machine code.</summary>
    private static ReadOnlySpan<byte> GeneralNumbers => [0, 3, 1, 2, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Writes the dump, at most 41 lines.</summary>
    /// <param name="sink">Takes the lines.</param>
    /// <param name="frame">The interrupt frame.</param>
    /// <param name="control">The control registers at the fault.</param>
    /// <param name="scene">Image, names and stack.</param>
    [LoopBound(GeneralRegisters, "registers")]
    [LoopBound(StackWalker.MaximumFrames, "frames; the walker counts them")]
    public static void Write<TSink>(ref TSink sink, in FaultFrame frame, in FaultControlRegisters control, FaultScene scene)
        where TSink : struct, ILineSink
    {
        LineBuffer line = default;
        AppendHeadline(ref line, frame, control.Cr2, scene);
        sink.WriteLine(line.Text);

        var registers = new UnwindRegisters(frame);
        for (int i = 0; i < GeneralRegisters; i++)
        {
            if (i % 4 == 0)
            {
                line.Clear();
            }

            AppendRegister(ref line, GeneralNames.Slice(i * 3, 3), registers[GeneralNumbers[i]]);
            if (i % 4 == 3)
            {
                sink.WriteLine(line.Text);
            }
        }

        line.Clear();
        AppendRegister(ref line, "rip"u8, frame.Rip);
        AppendRegister(ref line, "rfl"u8, frame.Rflags);
        AppendRegister(ref line, "cs "u8, frame.Cs);
        AppendRegister(ref line, "ss "u8, frame.Ss);
        sink.WriteLine(line.Text);

        line.Clear();
        AppendRegister(ref line, "cr0"u8, control.Cr0);
        AppendRegister(ref line, "cr2"u8, control.Cr2);
        AppendRegister(ref line, "cr3"u8, control.Cr3);
        AppendRegister(ref line, "cr4"u8, control.Cr4);
        sink.WriteLine(line.Text);

        line.Clear();
        line.Append("  processor "u8);
        line.AppendDecimal((uint)scene.Processor);
        sink.WriteLine(line.Text);

        var walker = new StackWalker(new UnwindTable(scene.Image), scene.Stack, registers);
        while (walker.MoveNext())
        {
            line.Clear();
            line.Append("  at "u8);
            AppendLocation(ref line, scene, walker.Registers.Rip, walker.Location);
            sink.WriteLine(line.Text);
        }
    }

    private static void AppendHeadline(ref LineBuffer line, in FaultFrame frame, ulong cr2, FaultScene scene)
    {
        line.Append("ember: fault: "u8);
        ReadOnlySpan<byte> name = ExceptionVector.Describe(frame.Vector);
        if (name.IsEmpty)
        {
            line.Append("unexpected interrupt "u8);
            line.AppendDecimal(frame.Vector);
        }
        else
        {
            line.Append(name);
        }

        line.Append(" at "u8);
        AppendLocation(ref line, scene, frame.Rip, frame.Rip);
        line.Append(": "u8);
        if (frame.Vector == ExceptionVector.PageFault)
        {
            line.Append("address 0x"u8);
            line.AppendHex(cr2, 16);
            line.Append(", "u8);
        }

        line.Append("error 0x"u8);
        line.AppendHex(frame.ErrorCode, 1);
        if (frame.Vector == ExceptionVector.PageFault)
        {
            AppendPageFaultError(ref line, (uint)frame.ErrorCode);
        }
    }

    /// <summary>The page-fault error code in words (AMD APM volume 2, 8.4.2).</summary>
    private static void AppendPageFaultError(ref LineBuffer line, uint error)
    {
        const uint Present = 1;
        const uint Write = 2;
        const uint Reserved = 8;
        const uint Fetch = 16;

        line.Append((error & Fetch) != 0 ? " (execute"u8 : (error & Write) != 0 ? " (write"u8 : " (read"u8);
        line.Append((error & Reserved) != 0 ? ", reserved bit set)"u8 : (error & Present) != 0 ? ", protection)"u8 : ", not present)"u8);
    }

    private static void AppendLocation(ref LineBuffer line, FaultScene scene, ulong rip, ulong location)
    {
        uint rva = (uint)(location - scene.Image.Low);
        if (!scene.Image.Contains(location))
        {
            line.Append("0x"u8);
            line.AppendHex(rip, 16);
            return;
        }

        if (scene.Symbols.TryFind(rva, out uint start, out ReadOnlySpan<byte> name))
        {
            scene.Symbols.AppendName(name, ref line);
        }
        else
        {
            line.Append("image"u8);
        }

        line.Append("+0x"u8);
        line.AppendHex(rip - scene.Image.Low - start, 1);
    }

    private static void AppendRegister(ref LineBuffer line, ReadOnlySpan<byte> name, ulong value)
    {
        line.Append("  "u8);
        line.Append(name);
        line.Append((byte)' ');
        line.AppendHex(value, 16);
    }
}
