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

    /// <summary>The I/O APIC's index register keeps what is written to it.</summary>
    [Theory]
    [InlineData(new byte[] { 0x83, 0x09, 0x01 }, 0x10u, 0x11ul, false)] // or dword ptr [rcx], 1
    [InlineData(new byte[] { 0x83, 0x21, 0x0F }, 0x12u, 0x02ul, false)] // and dword ptr [rcx], 15
    [InlineData(new byte[] { 0xF0, 0x83, 0x31, 0x10 }, 0x10u, 0x00ul, true)] // lock xor dword ptr [rcx], 16
    [InlineData(new byte[] { 0x83, 0x39, 0x10 }, 0x10u, 0x10ul, true)] // cmp dword ptr [rcx], 16
    [InlineData(new byte[] { 0xF7, 0x01, 0x01, 0x00, 0x00, 0x00 }, 0x10u, 0x10ul, true)] // test dword ptr [rcx], 1
    public void Arithmetic_on_a_register_of_a_device_reads_it_writes_it_and_sets_the_flags(
        byte[] code, uint before, ulong after, bool zero)
    {
        _bench.WithCode([0x89, 0x01, .. code]).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = before;
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Memory, Address = IoApic }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(MachineBench.CodeAddress + 2 + (ulong)code.Length, p.InstructionPointer);
            Assert.Equal(zero, (p.Flags & 0x40) != 0);
            _bench.WithCode(0x8B, 0x01); // mov eax, [rcx]
            p.InstructionPointer = MachineBench.CodeAddress;
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Memory, Address = IoApic }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(after, p.Registers.Rax);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Fact]
    public void Arithmetic_into_a_register_takes_the_device_as_its_source() =>
        _bench.WithCode(0x89, 0x01, 0x2B, 0x01).Then((ref FakeProcessor p) => // mov [rcx], eax; sub eax, [rcx]
        {
            p.Registers.Rax = 0x11;
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = 0x10;
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((0xFFFF_FFFFul, 0x81ul), (p.Registers.Rax, p.Flags & 0x8C1));
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();

    /// <summary>REP STOSD, MOVSD out of the device and into it, LODSD: an element each, and again while there is more.</summary>
    [Fact]
    public void Strings_on_a_device_go_by_single_elements()
    {
        _bench.WithCode(0xF3, 0xAB, 0xA5, 0xA5, 0xAD).Then((ref FakeProcessor p) =>
        {
            (p.Registers.Rax, p.Registers.Rdi, p.Registers.Rcx) = (0x12, 0x8000, 2);
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic, IsWrite = true };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress, 1ul, 0x8004ul), (p.InstructionPointer, p.Registers.Rcx, p.Registers.Rdi));
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic, IsWrite = true };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress + 2, 0ul), (p.InstructionPointer, p.Registers.Rcx));
            (p.Registers.Rsi, p.Registers.Rdi) = (0x9000, 0x5000);
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((0x12, 0x9004ul, 0x5004ul), (_bench.Memory[0x5000], p.Registers.Rsi, p.Registers.Rdi));
            _bench.Memory[0x6000] = 0x13;
            p.Registers.Rsi = 0x6000;
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic, IsWrite = true };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((0x6004ul, 0x5008ul), (p.Registers.Rsi, p.Registers.Rdi));
            return new VmExit { Kind = ExitKind.Memory, Address = IoApic };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((0x13ul, 0x6008ul, 0x5008ul), (p.Registers.Rax, p.Registers.Rsi, p.Registers.Rdi));
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
