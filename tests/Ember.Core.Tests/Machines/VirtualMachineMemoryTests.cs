using System;
using Ember.Core.Machines;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Machines;

/// <summary>Instructions that reach for memory which is not RAM.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class VirtualMachineMemoryTests : IDisposable
{
    private const ulong IoApic = 0xFEC0_0000;
    private const ulong Nowhere = 0xD000_0000;
    private readonly MachineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_io_apic_answers_through_its_window()
    {
        // mov [rcx], eax; mov eax, [rdx]
        _bench.WithCode(0x89, 0x01, 0x8B, 0x02).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = 1;
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Memory, Address = IoApic + 0x10 }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(0x17u, (uint)p.Registers.Rax >> 16);
            Assert.Equal(MachineBench.CodeAddress + 4, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Theory]
    [InlineData(new byte[] { 0x8A, 0x01 }, 0x1122_3344_5566_77FFul)] // mov al, [rcx]
    [InlineData(new byte[] { 0x8A, 0x21 }, 0x1122_3344_5566_FF88ul)] // mov ah, [rcx]
    [InlineData(new byte[] { 0x66, 0x8B, 0x01 }, 0x1122_3344_5566_FFFFul)] // mov ax, [rcx]
    [InlineData(new byte[] { 0x8B, 0x01 }, 0x0000_0000_FFFF_FFFFul)] // mov eax, [rcx]
    [InlineData(new byte[] { 0x48, 0x8B, 0x01 }, 0xFFFF_FFFF_FFFF_FFFFul)] // mov rax, [rcx]
    [InlineData(new byte[] { 0x0F, 0xB6, 0x01 }, 0x0000_0000_0000_00FFul)] // movzx eax, byte [rcx]
    [InlineData(new byte[] { 0x48, 0x0F, 0xBE, 0x01 }, 0xFFFF_FFFF_FFFF_FFFFul)] // movsx rax, byte [rcx]
    public void Where_there_is_no_device_all_ones_are_read(byte[] code, ulong expected)
    {
        _bench.WithCode(code).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = 0x1122_3344_5566_7788;
            return new VmExit { Kind = ExitKind.Memory, Address = Nowhere };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(expected, p.Registers.Rax);
            Assert.Equal(MachineBench.CodeAddress + (ulong)code.Length, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Fact]
    public void The_stack_pointer_can_be_loaded_too() =>
        _bench.WithCode(0x48, 0x8B, 0x21).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Memory, Address = Nowhere })
            .Then((ref FakeProcessor p) =>
            {
                Assert.Equal(ulong.MaxValue, p.StackPointer);
                Assert.Equal(0ul, p.Registers[4]);
                return new VmExit { Kind = ExitKind.InterruptWindow };
            }).Run();

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x01 })] // inc [rcx]: not emulated
    [InlineData(new byte[] { 0x0F, 0x0B })] // ud2: not a memory access at all
    public void An_instruction_that_is_not_emulated_stops_the_machine(byte[] code) => Assert.Equal(
        MachineStop.UnknownInstruction,
        _bench.WithCode(code).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Memory, Address = IoApic }).Run());
}
