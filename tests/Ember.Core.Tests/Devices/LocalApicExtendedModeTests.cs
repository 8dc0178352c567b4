using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

/// <summary>x2APIC mode.</summary>
public sealed class LocalApicExtendedModeTests
{
    private const int Tpr = 0x080;

    private LocalApic _apic;

    public LocalApicExtendedModeTests() => Start(0);

    private void Start(uint identifier)
    {
        _apic.Initialize(identifier, identifier == 0);
        Write(0x0F0, 0x1FF);
    }

    private uint Read(int offset) => _apic.ReadWindow(offset, 0);

    private void Write(int offset, uint value) => _apic.WriteWindow(offset, value, 0, out _);

    private ulong ReadMsr(uint index)
    {
        Assert.True(_apic.TryReadMsr(index, 0, out ulong value));
        return value;
    }

    private LocalApicEffect WriteMsr(uint index, ulong value) => _apic.WriteMsr(index, value, 0, out _);

    private void Extend() => Assert.True(_apic.TrySetApicBase(0xFEE0_0C00));

    [Fact]
    public void Extended_logical_destinations_derive_from_the_identifier()
    {
        Start(0x23);
        Extend();
        Assert.Equal(0x0002_0008ul, ReadMsr(0x80D));
        Assert.True(_apic.Matches(0x0002_0008, true));
        Assert.True(_apic.Matches(0x0002_FFFF, true));
        Assert.False(_apic.Matches(0x0002_0004, true));
        Assert.False(_apic.Matches(0x0000_0008, true));
        Assert.False(_apic.Matches(0xFF, true));
        Assert.True(_apic.Matches(0x23, false));
        Assert.True(_apic.Matches(uint.MaxValue, false));
    }

    [Fact]
    public void Extended_mode_moves_the_registers_to_MSRs()
    {
        Assert.False(_apic.TryReadMsr(0x802, 0, out _));
        Assert.Equal(LocalApicEffect.Illegal, WriteMsr(0x808, 0));
        Write(Tpr, 0x20);
        Extend();
        Assert.Equal(0x20ul, ReadMsr(0x808));
        Assert.Equal(uint.MaxValue, Read(Tpr));
        Write(Tpr, 0x30);
        Assert.Equal(0x20ul, ReadMsr(0x808));
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x808, 0x10));
        Assert.Equal(1, _apic.TaskPriority);
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x83F, 0x77));
        Assert.Equal(0x77, _apic.Acknowledge());
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x80B, 0));
        Assert.Equal(0ul, ReadMsr(0x80A) & 0xF0 & ~0x10ul);
    }

    [Fact]
    public void The_extended_command_register_is_one_of_64_bits()
    {
        Extend();
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x830, 0x41));
        Assert.Equal(0x41, _apic.PendingVector);
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x830, 0x0001_0002_0000_4600));
        Assert.Equal(0x0001_0002_0000_4600ul, ReadMsr(0x830));
        Assert.True(_apic.TryTakeOutgoing(out InterruptMessage message));
        Assert.Equal((0x0001_0002u, DeliveryMode.StartUp), (message.Destination, message.Mode));
        Assert.False(_apic.TryReadMsr(0x831, 0, out _));
    }

    [Theory]
    [InlineData(0x802u, 0ul)]
    [InlineData(0x803u, 0ul)]
    [InlineData(0x808u, 0x100ul)]
    [InlineData(0x808u, 0x1_0000_0000ul)]
    [InlineData(0x80Au, 0ul)]
    [InlineData(0x80Bu, 1ul)]
    [InlineData(0x80Du, 0ul)]
    [InlineData(0x80Eu, 0ul)]
    [InlineData(0x80Fu, 0x1000ul)]
    [InlineData(0x810u, 0ul)]
    [InlineData(0x820u, 0ul)]
    [InlineData(0x828u, 1ul)]
    [InlineData(0x830u, 0x1000ul)]
    [InlineData(0x831u, 0ul)]
    [InlineData(0x832u, 0x8_0000ul)]
    [InlineData(0x835u, 0x800ul)]
    [InlineData(0x839u, 0ul)]
    [InlineData(0x83Eu, 0x4ul)]
    [InlineData(0x83Fu, 0x100ul)]
    [InlineData(0x840u, 0ul)]
    public void Extended_mode_faults_on_what_is_reserved_or_read_only(uint index, ulong value)
    {
        Extend();
        Assert.Equal(LocalApicEffect.Illegal, WriteMsr(index, value));
    }

    [Fact]
    public void Read_only_bits_of_an_entry_are_ignored_as_linux_writes_them_when_it_shuts_down()
    {
        Extend();
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x835, 0x5700));
        Assert.Equal(LocalApicEffect.None, WriteMsr(0x836, 0x5400));
        Assert.Equal(0x700ul, ReadMsr(0x835) & 0xF7FF);
    }

    [Theory]
    [InlineData(0x800u)]
    [InlineData(0x809u)]
    [InlineData(0x80Bu)]
    [InlineData(0x80Cu)]
    [InlineData(0x80Eu)]
    [InlineData(0x82Fu)]
    [InlineData(0x83Fu)]
    [InlineData(0x8FFu)]
    public void Extended_mode_faults_on_reading_what_is_not_there(uint index)
    {
        Extend();
        Assert.False(_apic.TryReadMsr(index, 0, out _));
    }
}
