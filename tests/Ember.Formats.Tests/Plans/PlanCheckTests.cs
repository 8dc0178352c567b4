using System;
using System.Buffers.Binary;
using Ember.Formats.Plans;

namespace Ember.Formats.Tests.Plans;

/// <summary>One wrong field at a time, under a right digest.</summary>
public sealed class PlanCheckTests
{
    [Theory]
    [InlineData(48, 65u, PlanStatus.TooManyPayloads)]
    [InlineData(56, 65u, PlanStatus.TooManyMachines)]
    [InlineData(52, 384u, PlanStatus.PayloadsMisplaced)]
    [InlineData(60, 384u, PlanStatus.MachinesMisplaced)]
    [InlineData(128, 33u, PlanStatus.TooManyModules)]
    [InlineData(132, 512u, PlanStatus.ModulesMisplaced)]
    [InlineData(64, 640u, PlanStatus.TextMisplaced)]
    [InlineData(68, 18u, PlanStatus.TextMisplaced)]
    [InlineData(136, 1u, PlanStatus.ProductInvalid)]
    [InlineData(136, 0u, PlanStatus.ProductInvalid)]
    [InlineData(196, 1u, PlanStatus.ProductInvalid)]
    [InlineData(200, 1u, PlanStatus.HeaderReserved)]
    [InlineData(72, 2u, PlanStatus.AfterLastMachineUnknown)]
    [InlineData(76, 5u, PlanStatus.LabCrashUnknown)]
    [InlineData(80, 0u, PlanStatus.ProductInvalid)]
    [InlineData(112, 0u, PlanStatus.ProductInvalid)]
    [InlineData(124, 1u, PlanStatus.ProductInvalid)]
    [InlineData(252, 1u, PlanStatus.HeaderReserved)]
    [InlineData(256, 0u, PlanStatus.PayloadNameInvalid)]
    [InlineData(432, 0u, PlanStatus.PayloadLengthInvalid)]
    [InlineData(436, 1u, PlanStatus.PayloadLengthInvalid)]
    [InlineData(480, 1u, PlanStatus.PayloadReserved)]
    [InlineData(508, 1u, PlanStatus.PayloadReserved)]
    [InlineData(540, 1u, PlanStatus.MachineNameInvalid)]
    [InlineData(544, 14u << 20, PlanStatus.MachineMemoryInvalid)]
    [InlineData(544, 17u << 20, PlanStatus.MachineMemoryInvalid)]
    [InlineData(544, (3u << 30) + (2u << 20), PlanStatus.MachineMemoryInvalid)]
    [InlineData(548, 0x8000_0000u, PlanStatus.MachineMemoryInvalid)]
    [InlineData(552, 0u, PlanStatus.ProcessorCountInvalid)]
    [InlineData(552, 17u, PlanStatus.ProcessorCountInvalid)]
    [InlineData(556, 0u, PlanStatus.BootProtocolUnknown)]
    [InlineData(560, 2u, PlanStatus.KernelMissing)]
    [InlineData(556, 4u, PlanStatus.BootProtocolUnknown)]
    [InlineData(560, 0xFFFF_FFFFu, PlanStatus.KernelMissing)]
    [InlineData(564, 2u, PlanStatus.ModulesInvalid)]
    [InlineData(564, 0xFFFF_FFFFu, PlanStatus.ModulesInvalid)]
    [InlineData(576, 1u, PlanStatus.ModulesInvalid)]
    [InlineData(576, 0xFFFF_FFFFu, PlanStatus.ModulesInvalid)]
    [InlineData(568, 0xFFFF_FFF0u, PlanStatus.CommandLineInvalid)]
    [InlineData(568, 8u, PlanStatus.CommandLineInvalid)]
    [InlineData(572, 27u, PlanStatus.CommandLineInvalid)]
    [InlineData(784, 0x0A00_0A0Au, PlanStatus.CommandLineInvalid)]
    [InlineData(580, 3u, PlanStatus.RestartPolicyUnknown)]
    [InlineData(592, 0u, PlanStatus.WeightInvalid)]
    [InlineData(592, 10_001u, PlanStatus.WeightInvalid)]
    [InlineData(596, 1601u, PlanStatus.CapInvalid)]
    [InlineData(600, 2u, PlanStatus.StartPolicyUnknown)]
    [InlineData(604, 1u, PlanStatus.MachineReserved)]
    [InlineData(636, 1u, PlanStatus.MachineReserved)]
    [InlineData(768, 2u, PlanStatus.ModulePayloadMissing)]
    [InlineData(772, 20u, PlanStatus.ModuleTextInvalid)]
    [InlineData(772, 0xFFFF_FFFFu, PlanStatus.ModuleTextInvalid)]
    [InlineData(776, 8u, PlanStatus.ModuleTextInvalid)]
    [InlineData(803, 0x0A0A_0A0Au, PlanStatus.ModuleTextInvalid)]
    [InlineData(780, 1u, PlanStatus.ModuleReserved)]
    public void A_wrong_field_is_named(int offset, uint value, PlanStatus expected)
    {
        byte[] plan = PlanBytes.Good();
        PlanBytes.UInt32(plan, offset, value);

        Assert.Equal(expected, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Theory]
    [InlineData(544, 16u << 20)]
    [InlineData(544, 3u << 30)]
    [InlineData(564, 0u)]
    [InlineData(556, 2u)]
    [InlineData(556, 3u)]
    [InlineData(776, 0u)]
    [InlineData(572, 0u)]
    [InlineData(72, 0u)]
    [InlineData(76, 4u)]
    [InlineData(552, 1u)]
    [InlineData(552, 16u)]
    [InlineData(580, 2u)]
    [InlineData(584, 0u)]
    [InlineData(588, 0xFFFF_FFFFu)]
    [InlineData(592, 1u)]
    [InlineData(596, 0u)]
    [InlineData(596, 1u)]
    [InlineData(600, 0u)]
    public void A_field_at_its_limit_is_good(int offset, uint value)
    {
        byte[] plan = PlanBytes.Good();
        PlanBytes.UInt32(plan, offset, value);

        Assert.Equal(PlanStatus.Good, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:")]
    [InlineData("tab\t")]
    [InlineData("full stop.")]
    [InlineData("space ")]
    [InlineData("delete\u007F")]
    [InlineData("forty-eight-bytes-leave-no-room-for-a-terminator")]
    public void A_payload_name_that_is_no_file_name_is_refused(string name)
    {
        byte[] plan = PlanBytes.Good();
        plan.AsSpan(256, 48).Clear();
        PlanBytes.Text(plan, 256, name);

        Assert.Equal(PlanStatus.PayloadNameInvalid, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Theory]
    [InlineData("web server")]
    [InlineData("web:")]
    [InlineData("|web")]
    [InlineData("web\t")]
    [InlineData("web\u007F")]
    [InlineData("thirty-two-bytes-leave-no-end---")]
    public void A_machine_name_that_would_confuse_the_console_is_refused(string name)
    {
        byte[] plan = PlanBytes.Good();
        PlanBytes.Text(plan, 512, name);

        Assert.Equal(PlanStatus.MachineNameInvalid, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Fact]
    public void Two_machines_of_one_name_are_refused()
    {
        byte[] plan = PlanBytes.Good();
        PlanBytes.Text(plan, 640, "linux");
        Assert.Equal(PlanStatus.MachineNameTaken, Plan.TryRead(PlanBytes.Digested(plan), out _));

        PlanBytes.Text(plan, 640, "linux2");
        Assert.Equal(PlanStatus.Good, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Fact]
    public void Bytes_after_a_name_are_refused()
    {
        byte[] plan = PlanBytes.Good();
        plan[256 + 47 - 1] = (byte)'x';

        Assert.Equal(PlanStatus.PayloadNameInvalid, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Fact]
    public void A_command_line_may_have_2047_bytes_and_not_one_more()
    {
        Assert.Equal(PlanStatus.Good, WithCommandLine(2047));
        Assert.Equal(PlanStatus.CommandLineInvalid, WithCommandLine(2048));
    }

    /// <summary>Tables that end beyond the plan, and a text whose length wraps around to its end.</summary>
    [Theory]
    [InlineData(3u, 2u)]
    [InlineData(2u, 64u)]
    [InlineData(64u, 64u)]
    public void Tables_longer_than_the_plan_are_refused(uint payloads, uint machines)
    {
        byte[] plan = PlanBytes.Good();
        uint machineOffset = 256 + (payloads * 128);
        uint textOffset = machineOffset + (machines * 128) + 16;
        PlanBytes.UInt32(plan, 48, payloads);
        PlanBytes.UInt32(plan, 56, machines);
        PlanBytes.UInt32(plan, 60, machineOffset);
        PlanBytes.UInt32(plan, 132, textOffset - 16);
        PlanBytes.UInt32(plan, 64, textOffset);
        PlanBytes.UInt32(plan, 68, unchecked((uint)plan.Length - textOffset));

        Assert.Equal(PlanStatus.TextMisplaced, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    [Fact]
    public void A_plan_of_nothing_is_good()
    {
        byte[] plan = PlanBytes.Good()[..256];
        plan.AsSpan(48, 24).Clear();
        PlanBytes.UInt32(plan, 12, 256);
        PlanBytes.UInt32(plan, 52, 256);
        PlanBytes.UInt32(plan, 60, 256);
        PlanBytes.UInt32(plan, 64, 256);
        PlanBytes.UInt32(plan, 128, 0);
        PlanBytes.UInt32(plan, 132, 256);

        Assert.Equal(PlanStatus.Good, Plan.TryRead(PlanBytes.Digested(plan), out _));
    }

    private static PlanStatus WithCommandLine(int length)
    {
        byte[] plan = PlanBytes.Good();
        Array.Resize(ref plan, 784 + length);
        plan.AsSpan(784).Fill((byte)'x');
        PlanBytes.UInt32(plan, 12, (uint)plan.Length);
        PlanBytes.UInt32(plan, 68, (uint)length);
        BinaryPrimitives.WriteUInt32LittleEndian(plan.AsSpan(572), (uint)length);
        return Plan.TryRead(PlanBytes.Digested(plan), out _);
    }

    [Fact]
    public void Linux_takes_one_module_and_the_others_sixteen()
    {
        Assert.Equal(PlanStatus.ModulesInvalid, WithModules(1, 2));
        Assert.Equal(PlanStatus.Good, WithModules(2, 16));
        Assert.Equal(PlanStatus.Good, WithModules(3, 16));
        Assert.Equal(PlanStatus.ModulesInvalid, WithModules(3, 17));
        Assert.Equal(PlanStatus.TooManyModules, WithModules(3, 33));
    }

    private static PlanStatus WithModules(uint protocol, int count)
    {
        byte[] good = PlanBytes.Good();
        byte[] plan = [.. good[..784], .. new byte[(count - 1) * 16], .. good[784..]];
        for (int i = 1; i < count; i++)
        {
            good.AsSpan(768, 16).CopyTo(plan.AsSpan(768 + (i * 16)));
        }

        PlanBytes.UInt32(plan, 12, (uint)plan.Length);
        PlanBytes.UInt32(plan, 64, (uint)(768 + (count * 16)));
        PlanBytes.UInt32(plan, 128, (uint)count);
        PlanBytes.UInt32(plan, 556, protocol);
        PlanBytes.UInt32(plan, 564, (uint)count);
        return Plan.TryRead(PlanBytes.Digested(plan), out _);
    }
}
