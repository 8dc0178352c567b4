using System;
using CsCheck;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>Events on their way into a guest, and the registers that decide about them.</summary>
public sealed class SvmEventTests : IDisposable
{
    private const int Intercepts = 0x00C;
    private const int VirtualInterrupt = 0x060;
    private const int Shadow = 0x068;
    private const int ExitInterruptInfo = 0x088;
    private const int EventInjection = 0x0A8;
    private const int Efer = 0x4D0;
    private const int Flags = 0x570;
    private const int Rip = 0x578;
    private readonly SvmBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>EVENTINJ (APM volume 2, figure 15-4): vector 7:0, type 10:8 (0 interrupt, 3 exception), EV 11, V 31, error code 63:32.</summary>
    [Fact]
    public void Events_have_the_format_of_the_manual()
    {
        _bench.Processor.InjectInterrupt(0xEF);
        Assert.Equal(0x0000_0000_8000_00EFul, _bench.At<ulong>(EventInjection));
        _bench.Processor.InjectException(6);
        Assert.Equal(0x0000_0000_8000_0306ul, _bench.At<ulong>(EventInjection));
        _bench.Processor.InjectException(14, 0xFFFF_0015);
        Assert.Equal(0xFFFF_0015_8000_0B0Eul, _bench.At<ulong>(EventInjection));
    }

    [Theory]
    [InlineData(0x0000_0000_8000_00EFul, 0x0000_0000_8000_00EFul)]
    [InlineData(0x0000_0007_8000_0B0Eul, 0x0000_0007_8000_0B0Eul)]
    [InlineData(0x0000_0007_0000_0B0Eul, 0x0000_0007_0000_0B0Eul)]
    [InlineData(0ul, 0ul)]
    public void An_event_whose_delivery_was_cut_short_is_delivered_again(ulong interrupted, ulong again)
    {
        _bench.Processor.InjectInterrupt(0x20);
        _bench.Run(() =>
        {
            _bench.At<ulong>(0x70) = 0x400;
            _bench.At<ulong>(ExitInterruptInfo) = interrupted;
        });
        Assert.Equal(again, _bench.At<ulong>(EventInjection));
        _bench.At<ulong>(Flags) = 0x202;
        Assert.Equal((again & 0x8000_0000) == 0, _bench.Processor.CanTakeInterrupt);
    }

    [Theory]
    [InlineData(0x202ul, 0ul, 0ul, true)]
    [InlineData(0x002ul, 0ul, 0ul, false)]
    [InlineData(0x202ul, 1ul, 0ul, false)]
    [InlineData(0x202ul, 2ul, 0ul, true)]
    [InlineData(0x202ul, 0ul, 0x8000_0020ul, false)]
    [InlineData(0x202ul, 0ul, 0x0000_0020ul, true)]
    public void An_interrupt_waits_for_the_flag_the_shadow_and_another_event(ulong flags, ulong shadow, ulong pending, bool can)
    {
        _bench.At<ulong>(Flags) = flags;
        _bench.At<ulong>(Shadow) = shadow;
        _bench.At<ulong>(EventInjection) = pending;
        Assert.Equal(can, _bench.Processor.CanTakeInterrupt);
        Assert.Equal((flags & 0x200) != 0, _bench.Processor.InterruptsEnabled);
    }

    [Fact]
    public void A_window_is_asked_for_until_it_opens()
    {
        ulong before = _bench.At<ulong>(VirtualInterrupt);
        uint intercepts = _bench.At<uint>(Intercepts);
        _bench.Processor.TaskPriority = 9;
        _bench.Processor.RequestInterruptWindow();

        // V_IRQ 8, V_INTR_PRIO 19:16, V_IGN_TPR 20, and VINTR is bit 4 of the intercepts.
        Assert.Equal(before | 9 | 0x1F_0100, _bench.At<ulong>(VirtualInterrupt));
        Assert.Equal(intercepts | 0x10, _bench.At<uint>(Intercepts));
        _bench.Exit(0x72);
        Assert.Equal(before | 9 | 0x1F_0100, _bench.At<ulong>(VirtualInterrupt));
        Assert.Equal(ExitKind.InterruptWindow, _bench.Exit(0x64).Kind);
        Assert.Equal(before | 9, _bench.At<ulong>(VirtualInterrupt));
        Assert.Equal(intercepts, _bench.At<uint>(Intercepts));
    }

    [Fact]
    public void The_task_priority_leaves_the_rest_of_its_field_alone() => Gen.Select(Gen.ULong, Gen.Byte[0, 15]).Sample(
        (field, priority) =>
        {
            _bench.At<ulong>(VirtualInterrupt) = field;
            Assert.Equal(field & 0xF, _bench.Processor.TaskPriority);
            _bench.Processor.TaskPriority = priority;
            Assert.Equal((field & ~0xFFul) | priority, _bench.At<ulong>(VirtualInterrupt));
            Assert.Equal(priority, _bench.Processor.TaskPriority);
        },
        threads: 1);

    [Theory]
    [InlineData(0x500ul)]
    [InlineData(0x1D01ul)]
    [InlineData(0ul)]
    public void The_guest_never_sees_that_its_own_efer_enables_svm(ulong value)
    {
        _bench.Processor.Efer = value;
        Assert.Equal(value | 0x1000, _bench.At<ulong>(Efer));
        Assert.Equal(value & ~0x1000ul, _bench.Processor.Efer);
    }

    [Fact]
    public void Moving_past_an_instruction_ends_the_interrupt_shadow()
    {
        _bench.At<ulong>(Rip) = 0xFFFF_FFFE;
        _bench.At<ulong>(Shadow) = 1;
        _bench.Processor.Advance(3);
        Assert.Equal((0x1_0000_0001ul, 0ul), (_bench.At<ulong>(Rip), _bench.At<ulong>(Shadow)));
    }

    /// <summary>EFER.LMA is bit 10; CS attributes have L in bit 9 and D in bit 10.</summary>
    [Theory]
    [InlineData(0x1500ul, 0xA9B, "Bits64")]
    [InlineData(0x1500ul, 0xC9B, "Bits32")]
    [InlineData(0x1500ul, 0x09B, "Bits16")]
    [InlineData(0x1000ul, 0xA9B, "Bits16")]
    [InlineData(0x1100ul, 0xE9B, "Bits32")]
    [InlineData(0x1000ul, 0x09B, "Bits16")]
    public void Code_is_decoded_as_efer_and_its_segment_say(ulong efer, int attributes, string mode)
    {
        _bench.At<ulong>(Efer) = efer;
        _bench.At<ushort>(0x412) = (ushort)attributes;
        Assert.Equal(mode, _bench.Processor.Mode.ToString());
    }

    /// <summary>64-bit mode ignores the base of CS (APM volume 2, 4.5.3), which the control block holds all the same.</summary>
    [Theory]
    [InlineData(0x1500ul, 0xA9B, 0ul)]
    [InlineData(0x1500ul, 0xC9B, 0xF_0000ul)]
    [InlineData(0x1000ul, 0x09B, 0xF_0000ul)]
    public void The_code_segment_has_a_base_outside_64_bit_mode_only(ulong efer, int attributes, ulong start)
    {
        _bench.At<ulong>(Efer) = efer;
        _bench.At<ushort>(0x412) = (ushort)attributes;
        _bench.At<ulong>(0x418) = 0xF_0000;
        Assert.Equal(start, _bench.Processor.CodeSegmentBase);
    }

    [Fact]
    public void The_registers_that_translate_addresses_are_the_guests()
    {
        _bench.At<ulong>(0x558) = 0x8005_003B;
        _bench.At<ulong>(0x550) = 0x1234_5000;
        _bench.At<ulong>(0x548) = 0x3506F0;
        _bench.At<ulong>(Efer) = 0x1D01;
        _bench.At<ulong>(Flags) = 0x4_0202;
        _bench.At<byte>(0x4CB) = 3;
        PagingState paging = _bench.Processor.Paging;
        Assert.Equal((0x8005_003Bul, 0x1234_5000ul, 0x35_06F0ul), (paging.Cr0, paging.Cr3, paging.Cr4));
        Assert.Equal((0x1D01ul, 0x4_0202ul), (paging.Efer, paging.Rflags));
        Assert.Equal((0x35_06F0ul, true), (_bench.Processor.Cr4, _bench.Processor.IsUser));
        _bench.At<byte>(0x4CB) = 2;
        Assert.False(_bench.Processor.IsUser);
        _bench.Processor.PageAttributeTable = 0x0606_0606_0606_0606;
        Assert.Equal(0x0606_0606_0606_0606ul, _bench.At<ulong>(0x668));
        Assert.Equal(0x0606_0606_0606_0606ul, _bench.Processor.PageAttributeTable);
    }
}
