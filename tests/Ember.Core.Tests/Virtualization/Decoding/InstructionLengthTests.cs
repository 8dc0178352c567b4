using System;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Decoding;

public sealed class InstructionLengthTests
{
    [Theory]
    [InlineData("0FA2")]
    [InlineData("0F30")]
    [InlineData("0F32")]
    [InlineData("F4")]
    [InlineData("F390")]
    [InlineData("480F22E7")]
    [InlineData("0F017C8811")]
    [InlineData("660F01BC8811223344")]
    [InlineData("2E2E2E2E2E2E2E2E2E2E2E2E2E0FA2")]
    [InlineData("F3666D")]
    [InlineData("66E770")]
    public void Truncated_instructions_are_refused_and_nothing_behind_the_end_is_read(string text)
    {
        byte[] bytes = Convert.FromHexString(text);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(InstructionLength.TryMeasure(bytes.AsSpan(0, length), OperatingMode.Bits64, out int measured));
            Assert.Equal(0, measured);
        }

        Assert.True(InstructionLength.TryMeasure(bytes, OperatingMode.Bits64, out int whole));
        Assert.Equal(bytes.Length, whole);
    }

    [Fact]
    public void Sixteen_bytes_are_no_instruction()
    {
        byte[] bytes = Convert.FromHexString("2E2E2E2E2E2E2E2E2E2E2E2E2E2E0FA2");
        Assert.False(InstructionLength.TryMeasure(bytes, OperatingMode.Bits64, out _));
        Assert.True(InstructionLength.TryMeasure(bytes.AsSpan(1), OperatingMode.Bits64, out _));
    }
}
