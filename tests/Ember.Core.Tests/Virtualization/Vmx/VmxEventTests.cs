using System;
using CsCheck;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>Events on their way into a guest, and the registers that decide about them.</summary>
public sealed class VmxEventTests : IDisposable
{
    private const ulong PrimaryControls = 0x4002;
    private const ulong Event = 0x4016;
    private const ulong EventErrorCode = 0x4018;
    private const ulong EventLength = 0x401A;
    private const ulong Vectoring = 0x4408;
    private const ulong VectoringErrorCode = 0x440A;
    private const ulong CodeRights = 0x4816;
    private const ulong StackRights = 0x4818;
    private const ulong Interruptibility = 0x4824;
    private const ulong Efer = 0x2806;
    private const ulong Rip = 0x681E;
    private const ulong Flags = 0x6820;
    private readonly VmxBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>Table 24-15: vector 7:0, type 10:8 (0 interrupt, 3 exception), error code 11, valid 31.</summary>
    [Fact]
    public void Events_have_the_format_of_the_manual_and_are_delivered_once()
    {
        _bench.Processor.InjectInterrupt(0xEF);
        _bench.Run(() => Assert.Equal(0x8000_00EFul, _bench[Event]));
        _bench.Processor.InjectException(6);
        _bench.Run(() => Assert.Equal(0x8000_0306ul, _bench[Event]));
        _bench.Processor.InjectException(14, 0xFFFF_0015);
        _bench.Run(() => Assert.Equal((0x8000_0B0Eul, 0xFFFF_0015ul), (_bench[Event], _bench[EventErrorCode])));
        _bench.Exit(10);
        _bench.Run(() => Assert.Equal(0ul, _bench[Event] >> 31));
    }

    /// <summary>Table 24-16; bit 12 of it is undefined, and for entries reserved.</summary>
    [Theory]
    [InlineData(0x8000_00EFul, 0x8000_00EFul)]
    [InlineData(0x8000_1B0Eul, 0x8000_0B0Eul)]
    [InlineData(0x8000_0480ul, 0x8000_0480ul)]
    [InlineData(0x0000_0B0Eul, 0ul)]
    [InlineData(0ul, 0ul)]
    public void An_event_whose_delivery_was_cut_short_is_delivered_again(ulong interrupted, ulong again)
    {
        _bench[Vectoring] = interrupted;
        _bench[VectoringErrorCode] = 7;
        _bench[Flags] = 0x202;
        _bench.Exit(48, length: 2);
        Assert.Equal(again == 0, _bench.Processor.CanTakeInterrupt);
        _bench.Run(() => Assert.Equal(again, _bench[Event]));
        Assert.Equal((again & 0x800) != 0 ? 7ul : 0, _bench[EventErrorCode]);
        Assert.Equal((again & 0x400) != 0 ? 2ul : 0, _bench[EventLength]);
    }

    [Theory]
    [InlineData(0x202ul, 0ul, true)]
    [InlineData(0x002ul, 0ul, false)]
    [InlineData(0x202ul, 1ul, false)]
    [InlineData(0x202ul, 2ul, false)]
    [InlineData(0x202ul, 8ul, true)]
    public void An_interrupt_waits_for_the_flag_and_the_shadow(ulong flags, ulong shadow, bool can)
    {
        _bench[Flags] = flags;
        _bench[Interruptibility] = shadow;
        Assert.Equal(can, _bench.Processor.CanTakeInterrupt);
        Assert.Equal((flags & 0x200) != 0, _bench.Processor.InterruptsEnabled);
        _bench.Processor.InjectException(6);
        Assert.False(_bench.Processor.CanTakeInterrupt);
    }

    [Fact]
    public void A_window_is_asked_for_until_it_opens()
    {
        ulong before = _bench[PrimaryControls];
        _bench.Processor.RequestInterruptWindow();
        Assert.Equal(before | 4, _bench[PrimaryControls]);
        _bench.Exit(10);
        Assert.Equal(before | 4, _bench[PrimaryControls]);
        Assert.Equal(ExitKind.InterruptWindow, _bench.Exit(7).Kind);
        Assert.Equal(before, _bench[PrimaryControls]);
    }

    /// <summary>Section 29.1.1: the task priority register is at 80h of the virtual APIC page; CR8 is its bits 7:4.</summary>
    [Fact]
    public void The_task_priority_is_where_the_guests_cr8_goes() => Gen.Byte[0, 15].Sample(
        priority =>
        {
            _bench.Processor.TaskPriority = priority;
            Assert.Equal(priority << 4, _bench.Pages[0x1080]);
            Assert.Equal(priority, _bench.Processor.TaskPriority);
        },
        threads: 1);

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(1ul, 0ul)]
    [InlineData(2ul, 0ul)]
    [InlineData(9ul, 8ul)]
    public void Moving_past_an_instruction_ends_the_interrupt_shadow(ulong state, ulong after)
    {
        _bench[Rip] = 0xFFFF_FFFE;
        _bench[Interruptibility] = state;
        _bench.Exit(10);
        _bench.Processor.Advance(3);
        Assert.Equal((0x1_0000_0001ul, after), (_bench[Rip], _bench[Interruptibility]));
    }

    /// <summary>EFER.LMA is bit 10; access rights have L in bit 13 and D in bit 14.</summary>
    [Theory]
    [InlineData(0x500ul, 0xA09Bul, "Bits64", 0ul)]
    [InlineData(0x500ul, 0xC09Bul, "Bits32", 0xF_0000ul)]
    [InlineData(0x500ul, 0x009Bul, "Bits16", 0xF_0000ul)]
    [InlineData(0ul, 0xA09Bul, "Bits16", 0xF_0000ul)]
    [InlineData(0x100ul, 0xE09Bul, "Bits32", 0xF_0000ul)]
    public void Code_is_decoded_as_efer_and_its_segment_say(ulong efer, ulong rights, string mode, ulong start)
    {
        _bench[Efer] = efer;
        _bench[CodeRights] = rights;
        _bench[0x6808] = 0xF_0000;
        Assert.Equal((mode, start), (_bench.Processor.Mode.ToString(), _bench.Processor.CodeSegmentBase));
    }

    [Fact]
    public void The_registers_that_translate_addresses_are_the_guests()
    {
        _bench[0x6800] = 0x8005_003B;
        _bench[0x6004] = 0x8005_001B;
        _bench[0x6802] = 0x1234_5000;
        _bench[0x6804] = 0x35_26F0;
        _bench[Efer] = 0xD01;
        _bench[Flags] = 0x4_0202;
        _bench[StackRights] = 0xC0F3;
        PagingState paging = _bench.Processor.Paging;
        Assert.Equal((0x8005_001Bul, 0x1234_5000ul, 0x35_06F0ul), (paging.Cr0, paging.Cr3, paging.Cr4));
        Assert.Equal((0xD01ul, 0x4_0202ul), (paging.Efer, paging.Rflags));
        Assert.Equal((0x35_06F0ul, true), (_bench.Processor.Cr4, _bench.Processor.IsUser));
        _bench[StackRights] = 0xC093;
        Assert.False(_bench.Processor.IsUser);
        _bench.Processor.PageAttributeTable = 0x0606_0606_0606_0606;
        Assert.Equal((0x0606_0606_0606_0606ul, 0x0606_0606_0606_0606ul), (_bench[0x2804], _bench.Processor.PageAttributeTable));
    }
}
