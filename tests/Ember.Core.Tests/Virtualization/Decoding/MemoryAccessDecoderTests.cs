using System;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Decoding;

public sealed unsafe class MemoryAccessDecoderTests
{
    [Fact]
    public void Result_is_small() => Assert.Equal(32, sizeof(MemoryAccess));

    [Theory]
    [InlineData("88A48811223344")]
    [InlineData("8B0411")]
    [InlineData("48C784881122334455667788")]
    [InlineData("66C784881122334455AA")]
    [InlineData("48A11122334455667788")]
    [InlineData("0FB74424F0")]
    [InlineData("F348A5")]
    [InlineData("F04883490801")]
    [InlineData("F705112233445566778899AA")]
    public void Truncated_instructions_are_refused(string text)
    {
        byte[] bytes = Convert.FromHexString(text);
        Assert.True(MemoryAccessDecoder.TryDecode(bytes, OperatingMode.Bits64, out MemoryAccess whole));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(MemoryAccessDecoder.TryDecode(bytes.AsSpan(0, length), OperatingMode.Bits64, out _));
        }

        Assert.True(MemoryAccessDecoder.TryDecode(bytes.AsSpan(0, whole.Length), OperatingMode.Bits64, out _));
    }

    [Fact]
    public void Local_APIC_write_reads_as_the_manual_has_it()
    {
        // mov dword ptr [rax+0xB0], 0 and mov [rdi+0x20], r9d
        byte[] bytes = Convert.FromHexString("C780B000000000000000");
        Assert.True(MemoryAccessDecoder.TryDecode(bytes, OperatingMode.Bits64, out MemoryAccess store));
        Assert.Equal(MemoryOperation.Store, store.Operation);
        Assert.Equal(MemoryAccessFlags.Immediate, store.Flags);
        Assert.Equal((10, 4, 0L, 0xB0L), (store.Length, store.MemoryBytes, store.Immediate, store.Operand.Displacement));
        bytes = Convert.FromHexString("44894F20");
        Assert.True(MemoryAccessDecoder.TryDecode(bytes, OperatingMode.Bits64, out MemoryAccess register));
        Assert.Equal(MemoryAccessFlags.None, register.Flags);
        Assert.Equal((4, 4, 9), (register.Length, register.MemoryBytes, register.Register));
        Assert.Equal((7, 0x20L), (register.Operand.Base, register.Operand.Displacement));
    }
}
