using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Vmx;
using Ember.Stubs.Assembly;
using Ember.Stubs.Coff;
using Iced.Intel;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>The machine code of the world switch.</summary>
public sealed class VmxWorldSwitchTests
{
    [Theory]
    [InlineData("EmberVmxLaunch")]
    [InlineData("EmberVmxResume")]
    public void What_it_reads_of_an_exit_goes_where_the_core_looks_for_it(string symbol)
    {
        CoffSection section = VmxStubs.All.Single(section => section.Symbol == symbol);
        var read = new SortedDictionary<ulong, VmcsField>();
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(section.Content));
        Instruction before = default;
        while (decoder.IP < (ulong)section.Content.Length)
        {
            decoder.Decode(out Instruction instruction);
            if (instruction.Mnemonic == Mnemonic.Vmread)
            {
                Assert.Equal((Mnemonic.Mov, Register.EAX, Register.RAX), (before.Mnemonic, before.Op0Register, instruction.Op1Register));
                Assert.Equal(Register.RCX, instruction.MemoryBase);
                read.Add(instruction.MemoryDisplacement64, (VmcsField)before.Immediate32);
            }

            before = instruction;
        }

        Assert.Equal(
            new SortedDictionary<ulong, VmcsField>
            {
                [OffsetOf(nameof(GuestRegisters.ExitReason))] = VmcsField.ExitReason,
                [OffsetOf(nameof(GuestRegisters.ExitLength))] = VmcsField.ExitInstructionLength,
                [OffsetOf(nameof(GuestRegisters.ExitRip))] = VmcsField.GuestRip,
                [OffsetOf(nameof(GuestRegisters.ExitInterruptibility))] = VmcsField.GuestInterruptibility,
            },
            read);
    }

    private static ulong OffsetOf(string field) => (ulong)Marshal.OffsetOf<GuestRegisters>(field);
}
