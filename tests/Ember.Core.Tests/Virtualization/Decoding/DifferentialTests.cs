using System;
using Ember.Core.Virtualization.Decoding;
using Iced.Intel;

namespace Ember.Core.Tests.Virtualization.Decoding;

/// <summary>Both decoders against Iced: equal in all they claim, and nothing claimed that they do not mean to know.</summary>
public sealed class DifferentialTests
{
    [Theory]
    [InlineData(OperatingMode.Bits16)]
    [InlineData(OperatingMode.Bits32)]
    [InlineData(OperatingMode.Bits64)]
    public void Every_opcode_is_decoded_as_Iced_does_or_refused(OperatingMode mode)
    {
        int measured = 0;
        int accesses = 0;
        int strings = 0;
        long count = DecodingCorpus.ForEach(mode, bytes =>
        {
            Instruction instruction = IcedOracle.Decode(bytes, mode);
            measured += CheckLength(instruction, bytes, mode);
            accesses += CheckAccess(instruction, bytes, mode);
            strings += CheckStringPort(instruction, bytes, mode);
        });
        Assert.True(strings > 10_000, $"only {strings} of {count} were INS or OUTS");
        Assert.True(count > 4_000_000, $"only {count} instructions were tried");
        Assert.True(measured > 60_000, $"only {measured} of {count} were measured");
        Assert.True(accesses > 400_000, $"only {accesses} of {count} were taken apart");
    }

    [Theory]
    [InlineData(OperatingMode.Bits16)]
    [InlineData(OperatingMode.Bits32)]
    [InlineData(OperatingMode.Bits64)]
    public void Random_bytes_are_decoded_as_Iced_does_or_refused(OperatingMode mode)
    {
        Random random = new(7 + (int)mode);
        byte[] bytes = new byte[18];
        int measured = 0;
        int accesses = 0;
        for (int i = 0; i < 500_000; i++)
        {
            random.NextBytes(bytes);
            if ((i & 1) != 0)
            {
                // Half of them reach the secondary map.
                bytes[random.Next(3)] = 0x0F;
            }

            Instruction instruction = IcedOracle.Decode(bytes, mode);
            measured += CheckLength(instruction, bytes, mode);
            accesses += CheckAccess(instruction, bytes, mode);
        }

        Assert.True(measured > 5_000, $"only {measured} were measured");
        Assert.True(accesses > 50_000, $"only {accesses} were taken apart");
    }

    /// <summary>Compares one instruction; 1 if it was measured.</summary>
    private static int CheckLength(in Instruction instruction, byte[] bytes, OperatingMode mode)
    {
        int expected = IcedOracle.ExpectedLength(instruction);
        bool claimed = InstructionLength.TryMeasure(bytes, mode, out int length);
        if (length != expected || claimed != (expected != 0))
        {
            Assert.Fail($"{mode} {Convert.ToHexString(bytes)}: Iced {instruction} ({instruction.Code}) {expected}, ours {length}");
        }

        return claimed ? 1 : 0;
    }

    /// <summary>Compares one instruction; 1 if it was taken apart.</summary>
    private static int CheckAccess(in Instruction instruction, byte[] bytes, OperatingMode mode)
    {
        bool expected = IcedOracle.TryExpectAccess(instruction, out MemoryAccess wanted);
        bool claimed = MemoryAccessDecoder.TryDecode(bytes, mode, out MemoryAccess access);
        if (claimed != expected || (claimed && !Describe(access, mode).Equals(Describe(wanted, mode))))
        {
            Assert.Fail($"{mode} {Convert.ToHexString(bytes)}: Iced {instruction} ({instruction.Code}) {expected}\n"
                + $"{Describe(wanted, mode)}, ours {claimed}\n{Describe(access, mode)}");
        }

        return claimed ? 1 : 0;
    }

    /// <summary>Compares one instruction; 1 if it is INS or OUTS.</summary>
    private static int CheckStringPort(in Instruction instruction, byte[] bytes, OperatingMode mode)
    {
        bool isInput = instruction.Mnemonic is Mnemonic.Insb or Mnemonic.Insw or Mnemonic.Insd;
        bool expected = isInput || instruction.Mnemonic is Mnemonic.Outsb or Mnemonic.Outsw or Mnemonic.Outsd;
        Assert.Equal(expected, StringPortAccess.TryDecode(bytes, mode, out StringPortAccess access));
        if (expected)
        {
            int addressBytes = instruction.GetOpKind(isInput ? 0 : 1) switch
            {
                OpKind.MemoryESDI or OpKind.MemorySegSI => 2,
                OpKind.MemoryESEDI or OpKind.MemorySegESI => 4,
                _ => 8,
            };
            SegmentRegister segment = isInput ? SegmentRegister.Es : (SegmentRegister)(instruction.MemorySegment - Register.ES);
            bool flat = mode == OperatingMode.Bits64 && segment < SegmentRegister.Fs;
            Assert.Equal(
                (isInput, instruction.HasRepPrefix || instruction.HasRepnePrefix, instruction.MemorySize.GetSize(), addressBytes,
                    flat && !isInput ? SegmentRegister.Ds : segment, instruction.Length),
                (access.IsInput, access.Repeats, access.ElementBytes, access.AddressBytes, access.Segment, access.Length));
        }

        return expected ? 1 : 0;
    }

    /// <summary>All fields. In 64-bit mode only FS and GS have a base, so the other segments are one.</summary>
    private static ((MemoryOperation, MemoryAccessFlags, int, int, int, long, int), (int, int, int, int, SegmentRegister, long)) Describe(
        in MemoryAccess access, OperatingMode mode)
    {
        bool flat = mode == OperatingMode.Bits64 && access.Operand.Segment < SegmentRegister.Fs;
        return (
            (access.Operation, access.Flags, access.MemoryBytes, access.RegisterBytes, access.Register, access.Immediate, access.Length),
            (access.Operand.Base, access.Operand.Index, access.Operand.Scale, access.Operand.AddressBytes,
                flat ? SegmentRegister.Ds : access.Operand.Segment, access.Operand.Displacement));
    }
}
