using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Platform.Processors;

/// <summary>One processor's GDT, TSS and IDT (AMD APM volume 2, sections 4.6 to 4.8, 8.9 and 12.2.5).</summary>
public unsafe struct DescriptorTables
{
    public const ushort CodeSelector = 0x08;
    public const ushort DataSelector = 0x10;
    public const ushort TaskSelector = 0x18;

    private const int NonMaskableInterrupt = 2;
    private const int DoubleFault = 8;
    private const int MachineCheck = 18;
    private const int FirstDeviceVector = 32;
    private const ulong LongModeCode = 0x0020_9B00_0000_0000;
    private const ulong WritableData = 0x0000_9300_0000_0000;
    private const ulong AvailableTask = 0x0000_8900_0000_0000;
    private const ulong InterruptGate = 0x0000_8E00_0000_0000;
    private const int EntryStride = 8;

    /// <summary>First: <see cref="Current"/> finds the tables by it.</summary>
    private Descriptors _global;
    private Gates _interrupts;
    private TaskState _task;

    /// <summary>Which of the TSS's interrupt stacks a vector switches to (1 to 4); 0 stays on the current one.</summary>
    /// <remarks>Every exception gets a known good stack, and those that may strike while one is handled get another.</remarks>
    public static int InterruptStackOf(int vector) => vector switch
    {
        DoubleFault => 2,
        NonMaskableInterrupt => 3,
        MachineCheck => 4,
        < FirstDeviceVector => 1,
        _ => 0,
    };

    /// <summary>The tables that this processor uses, given that they are such.</summary>
    public static DescriptorTables* Current
    {
        get
        {
            Cpu.StoreGdt(out DescriptorTablePointer global);
            return (DescriptorTables*)global.Base;
        }
    }

    /// <summary>Fills the tables; they must not move afterwards.</summary>
    /// <param name="entries">256 interrupt entries, eight bytes each.</param>
    /// <param name="stackTops">Ends of the four interrupt stacks, 16-byte aligned.</param>
    public void Fill(byte* entries, ReadOnlySpan<ulong> stackTops)
    {
        _global[1] = LongModeCode;
        _global[2] = WritableData;
        ulong task = (ulong)Unsafe.AsPointer(ref _task);
        _global[3] = AvailableTask | (TaskState.Size - 1) | ((task & 0xFF_FFFF) << 16) | ((task >> 24 & 0xFF) << 56);
        _global[4] = task >> 32;
        _task.InterruptStack1 = stackTops[0];
        _task.InterruptStack2 = stackTops[1];
        _task.InterruptStack3 = stackTops[2];
        _task.InterruptStack4 = stackTops[3];
        _task.IoMapBase = TaskState.Size;
        for (int vector = 0; vector < 256; vector++)
        {
            ulong entry = (ulong)entries + ((ulong)vector * EntryStride);
            _interrupts[vector * 2] = (entry & 0xFFFF) | ((ulong)CodeSelector << 16) | ((ulong)InterruptStackOf(vector) << 32)
                | InterruptGate | ((entry >> 16 & 0xFFFF) << 48);
            _interrupts[(vector * 2) + 1] = entry >> 32;
        }
    }

    /// <summary>Makes this processor use the tables.</summary>
    public void Load()
    {
        var global = new DescriptorTablePointer { Limit = (5 * 8) - 1, Base = (ulong)Unsafe.AsPointer(ref _global) };
        var interrupts = new DescriptorTablePointer { Limit = (256 * 16) - 1, Base = (ulong)Unsafe.AsPointer(ref _interrupts) };
        Cpu.LoadGdt(in global, CodeSelector, DataSelector);
        Cpu.LoadTaskRegister(TaskSelector);
        Cpu.LoadIdt(in interrupts);
    }

    [InlineArray(5)]
    private struct Descriptors
    {
        private ulong _first;
    }

    [InlineArray(512)]
    private struct Gates
    {
        private ulong _first;
    }

    /// <summary>The 64-bit TSS (AMD APM volume 2, section 12.2.5).</summary>
    [StructLayout(LayoutKind.Explicit, Size = Size, Pack = 4)]
    private struct TaskState
    {
        public const int Size = 104;

        [FieldOffset(36)]
        public ulong InterruptStack1;

        [FieldOffset(44)]
        public ulong InterruptStack2;

        [FieldOffset(52)]
        public ulong InterruptStack3;

        [FieldOffset(60)]
        public ulong InterruptStack4;

        [FieldOffset(102)]
        public ushort IoMapBase;
    }
}
