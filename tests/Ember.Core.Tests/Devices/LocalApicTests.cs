using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class LocalApicTests
{
    private const int Tpr = 0x080, Ppr = 0x0A0, Eoi = 0x0B0, Ldr = 0x0D0, Dfr = 0x0E0, Svr = 0x0F0, Isr = 0x100, Tmr = 0x180,
        Irr = 0x200, Esr = 0x280, IcrLow = 0x300, IcrHigh = 0x310,
        LvtTimer = 0x320, LvtLint0 = 0x350, LvtLint1 = 0x360, LvtError = 0x370;

    private LocalApic _apic;

    public LocalApicTests() => Start(0);

    private void Start(uint identifier)
    {
        _apic.Initialize(identifier, identifier == 0);
        Write(Svr, 0x1FF);
    }

    private uint Read(int offset) => _apic.ReadWindow(offset, 0);

    private LocalApicEffect Write(int offset, uint value) => _apic.WriteWindow(offset, value, 0, out _);

    private bool Send(byte vector, bool level = false) => _apic.Accept(new InterruptMessage { Vector = vector, Level = level });

    private void Extend() => Assert.True(_apic.TrySetApicBase(0xFEE0_0C00));

    [Fact]
    public void Reset_state_is_the_manuals()
    {
        _apic.Initialize(3, false);
        Assert.Equal(0x0300_0000u, Read(0x20));
        Assert.Equal(0x0005_0014u, Read(0x30));
        Assert.Equal(0xFFu, Read(Svr));
        Assert.Equal(0xFFFF_FFFFu, Read(Dfr));
        Assert.Equal(0u, Read(Ldr) | Read(Tpr) | Read(Ppr) | Read(Esr) | Read(0x380) | Read(0x390) | Read(0x3E0));
        foreach (int entry in new[] { 0x320, 0x330, 0x340, 0x350, 0x360, 0x370 })
        {
            Assert.Equal(0x1_0000u, Read(entry));
        }

        Assert.Equal(0xFEE0_0800ul, _apic.ApicBase);
        Assert.False(Send(0x40));
    }

    [Fact]
    public void Software_disable_masks_every_entry_and_takes_nothing_new()
    {
        Write(LvtTimer, 0x40);
        Assert.Equal(0x40u, Read(LvtTimer));
        Write(Svr, 0xFF);
        Assert.Equal(0x1_0040u, Read(LvtTimer));
        Write(LvtTimer, 0x41);
        Assert.Equal(0x1_0041u, Read(LvtTimer));
        Assert.False(Send(0x50));
        Assert.False(_apic.InterruptPending);
    }

    [Fact]
    public void Entries_keep_what_can_be_written()
    {
        foreach ((int entry, uint expected) in new (int, uint)[]
        {
            (0x320, 0x7_00FFu), (0x330, 0x1_07FF), (0x340, 0x1_07FF), (0x350, 0x1_A7FF), (0x360, 0x1_A7FF), (0x370, 0x1_00FF),
        })
        {
            Write(entry, uint.MaxValue);
            Assert.Equal(expected, Read(entry));
        }

        Write(Svr, uint.MaxValue);
        Assert.Equal(0x3FFu, Read(Svr));
        Write(0x3E0, uint.MaxValue);
        Assert.Equal(0x0Bu, Read(0x3E0));
        Write(Ldr, uint.MaxValue);
        Assert.Equal(0xFF00_0000u, Read(Ldr));
        Write(Dfr, 0);
        Assert.Equal(0x0FFF_FFFFu, Read(Dfr));
        Write(0x30, 0);
        Assert.Equal(0x0005_0014u, Read(0x30));
    }

    [Fact]
    public void An_interrupt_goes_from_request_to_service_to_its_end()
    {
        Assert.True(Send(0x61));
        Assert.Equal(2u, Read(Irr + 0x30));
        Assert.Equal(0x61, _apic.PendingVector);
        Assert.Equal(0x61, _apic.Acknowledge());
        Assert.Equal(0u, Read(Irr + 0x30));
        Assert.Equal(2u, Read(Isr + 0x30));
        Assert.Equal(0x60u, Read(Ppr));
        Assert.Equal(LocalApicEffect.None, Write(Eoi, 0));
        Assert.Equal(0u, Read(Isr + 0x30) | Read(Ppr));
        Assert.Equal(LocalApicEffect.None, Write(Eoi, 0));
    }

    [Fact]
    public void The_end_of_a_level_interrupt_is_broadcast()
    {
        Send(0x61, true);
        Assert.Equal(2u, Read(Tmr + 0x30));
        _apic.Acknowledge();
        Assert.Equal(LocalApicEffect.EndOfInterrupt, _apic.WriteWindow(Eoi, 0, 0, out byte ended));
        Assert.Equal(0x61, ended);
        Send(0x61);
        Assert.Equal(0u, Read(Tmr + 0x30));
        _apic.Acknowledge();
        Assert.Equal(LocalApicEffect.None, Write(Eoi, 0));
    }

    [Fact]
    public void Without_a_request_the_spurious_vector_is_given()
    {
        Send(0x61);
        _apic.TaskPriority = 6;
        Assert.False(_apic.InterruptPending);
        Assert.Equal(0xFF, _apic.Acknowledge());
        Assert.Equal(0u, Read(Isr + 0x70));
        _apic.TaskPriority = 5;
        Assert.Equal(0x61, _apic.Acknowledge());
    }

    /// <summary>
    /// Delivery against the rule of the manual over plain lists: highest class above task and service priority.
    /// </summary>
    [Fact]
    public void Priority_agrees_with_lists_of_vectors() =>
        Gen.Select(Gen.Int[0, 4], Gen.Byte[16, 255]).Array[1, 200].Sample(script =>
        {
            Start(0);
            System.Collections.Generic.SortedSet<int> requested = [], served = [];
            int taskPriority = 0;
            foreach ((int action, byte value) in script)
            {
                switch (action)
                {
                    case 0 or 1:
                        Send(value);
                        requested.Add(value);
                        break;

                    case 2:
                        taskPriority = value;
                        Write(Tpr, value);
                        break;

                    case 3:
                        Write(Eoi, 0);
                        served.Remove(served.Max);
                        break;

                    default:
                        if (_apic.InterruptPending)
                        {
                            int taken = _apic.Acknowledge();
                            Assert.Equal(requested.Max, taken);
                            requested.Remove(taken);
                            served.Add(taken);
                        }

                        break;
                }

                int serviceClass = served.Count == 0 ? 0 : served.Max >> 4;
                int priority = taskPriority >> 4 >= serviceClass ? taskPriority : serviceClass << 4;
                Assert.Equal(priority, (int)Read(Ppr));
                int expected = requested.Count != 0 && requested.Max >> 4 > priority >> 4 ? requested.Max : -1;
                Assert.Equal(expected, _apic.PendingVector);
                for (int vector = 0; vector < 256; vector++)
                {
                    int register = vector / 32 * 16;
                    Assert.Equal(requested.Contains(vector), (Read(Irr + register) >> (vector % 32) & 1) != 0);
                    Assert.Equal(served.Contains(vector), (Read(Isr + register) >> (vector % 32) & 1) != 0);
                }
            }
        }, iter: 50, threads: 1);

    [Theory]
    [InlineData(0, 0x00, false, true)]
    [InlineData(0, 0x01, false, false)]
    [InlineData(0, 0xFF, false, true)]
    [InlineData(5, 0x05, false, true)]
    [InlineData(0, 0x02, true, true)]
    [InlineData(0, 0x05, true, false)]
    [InlineData(0, 0x0F, true, true)]
    public void Flat_and_physical_destinations(uint identifier, uint destination, bool logical, bool expected)
    {
        Start(identifier);
        Write(Ldr, 0x0200_0000);
        Assert.Equal(expected, _apic.Matches(destination, logical));
    }

    [Theory]
    [InlineData(0x21, true)]
    [InlineData(0x23, true)]
    [InlineData(0x22, false)]
    [InlineData(0x11, false)]
    [InlineData(0xFF, true)]
    public void Cluster_destinations(uint destination, bool expected)
    {
        Write(Dfr, 0x0FFF_FFFF);
        Write(Ldr, 0x2100_0000);
        Assert.Equal(expected, _apic.Matches(destination, true));
    }

    [Theory]
    [InlineData(0x4_0041u, 0u)]
    [InlineData(0x0_0041u, 0u)]
    [InlineData(0x0_0841u, 0x0100_0000u)]
    public void An_interrupt_to_oneself_arrives(uint command, uint destination)
    {
        Write(Ldr, 0x0100_0000);
        Write(IcrHigh, destination);
        Write(IcrLow, command);
        Assert.Equal(0x41, _apic.PendingVector);
        Assert.Equal(command, Read(IcrLow));
        Assert.Equal(destination, Read(IcrHigh));
    }

    [Theory]
    [InlineData(0x0_4500u, 0x0100_0000u, 1u, DeliveryMode.Init, false)]
    [InlineData(0x0_4699u, 0x0100_0000u, 1u, DeliveryMode.StartUp, false)]
    [InlineData(0x8_0041u, 0x0u, uint.MaxValue, DeliveryMode.Fixed, true)]
    [InlineData(0xC_0041u, 0x0u, uint.MaxValue, DeliveryMode.Fixed, false)]
    [InlineData(0x0_0041u, 0x0200_0000u, 2u, DeliveryMode.Fixed, false)]
    public void Commands_for_others_go_out(uint command, uint high, uint destination, DeliveryMode mode, bool alsoSelf)
    {
        Write(IcrHigh, high);
        Write(IcrLow, command);
        Assert.True(_apic.TryTakeOutgoing(out InterruptMessage message));
        Assert.False(_apic.TryTakeOutgoing(out _));
        Assert.Equal((destination, mode, (byte)command), (message.Destination, message.Mode, message.Vector));
        Assert.Equal(alsoSelf, _apic.InterruptPending);
    }

    [Fact]
    public void A_command_for_oneself_alone_and_the_old_INIT_deassert_stay_inside()
    {
        Write(IcrLow, 0x4_0041);
        Write(IcrLow, 0x8_8500);
        Assert.False(_apic.TryTakeOutgoing(out _));
    }

    [Fact]
    public void NMI_by_command_or_message_is_noted_once()
    {
        Write(IcrLow, 0x4_0400);
        Assert.True(_apic.TakeNonMaskable());
        Assert.False(_apic.TakeNonMaskable());
        Assert.True(_apic.Accept(new InterruptMessage { Mode = DeliveryMode.NonMaskable }));
        Assert.True(_apic.TakeNonMaskable());
    }

    [Fact]
    public void Illegal_vectors_are_errors_and_errors_interrupt()
    {
        Write(LvtError, 0xFE);
        Assert.True(Send(15));
        Assert.Equal(0xFE, _apic.Acknowledge());
        Write(IcrLow, 0x4_0003);
        Assert.Equal(0u, Read(Esr));
        Write(Esr, 0);
        Assert.Equal(0x60u, Read(Esr));
        Write(Esr, 0);
        Assert.Equal(0u, Read(Esr));
        Write(LvtError, 0x05);
        Assert.True(Send(0));
        Write(Esr, 0);
        Assert.Equal(0x40u, Read(Esr));
    }

    [Theory]
    [InlineData(0x000)]
    [InlineData(0x2F0)]
    [InlineData(0x3F0)]
    [InlineData(0x400)]
    [InlineData(0x084)]
    public void A_register_that_is_not_there_is_an_error(int offset)
    {
        Assert.Equal(0u, Read(offset));
        Write(Esr, 0);
        Assert.Equal(0x80u, Read(Esr));
        Assert.Equal(LocalApicEffect.Illegal, Write(offset, 0));
        Write(Esr, 0);
        Assert.Equal(0x80u, Read(Esr));
    }

    [Fact]
    public void LINT0_is_the_8259_in_ExtINT_mode_an_edge_in_fixed_mode_and_NMI_if_asked()
    {
        Write(LvtLint0, 0x700);
        _apic.SetExternal(true);
        Assert.True(_apic.IsExternal);
        Assert.Equal(-1, _apic.PendingVector);
        _apic.SetExternal(false);
        Assert.False(_apic.InterruptPending);
        Write(LvtLint0, 0x41);
        _apic.SetExternal(true);
        Assert.Equal(0x41, _apic.Acknowledge());
        _apic.SetExternal(false);
        Write(LvtLint0, 0x400);
        _apic.SetExternal(true);
        Assert.True(_apic.TakeNonMaskable());
        Assert.False(_apic.InterruptPending);
    }

    [Fact]
    public void The_virtual_wire_is_what_firmware_leaves()
    {
        _apic.Initialize(0, true);
        _apic.ConnectVirtualWire();
        Assert.Equal(0x10Fu, Read(Svr));
        Assert.Equal(0x700u, Read(LvtLint0));
        Assert.Equal(0x400u, Read(LvtLint1));
    }

    [Fact]
    public void Modes_change_only_as_the_manual_allows()
    {
        Assert.False(_apic.TrySetApicBase(0xFEE0_0400));
        Assert.False(_apic.TrySetApicBase(0xFED0_0800));
        Assert.False(_apic.TrySetApicBase(0xFEE0_0801));
        Assert.False(_apic.TrySetApicBase(1ul << 52 | 0xFEE0_0800));
        Extend();
        Assert.False(_apic.TrySetApicBase(0xFEE0_0800));
        Assert.Equal(0xFEE0_0D00ul, _apic.ApicBase);
        Assert.True(_apic.TrySetApicBase(0xFEE0_0000));
        Assert.False(_apic.TrySetApicBase(0xFEE0_0C00));
        Assert.Equal(uint.MaxValue, Read(Svr));
        Assert.False(Send(0x40));
        Assert.True(_apic.TrySetApicBase(0xFEE0_0900));
        Assert.Equal(0xFFu, Read(Svr));
    }
}
