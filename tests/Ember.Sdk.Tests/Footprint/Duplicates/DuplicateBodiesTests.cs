using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Duplicates;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Sdk.Tests.Footprint.Duplicates;

public sealed class DuplicateBodiesTests
{
    private const ulong Callee = 0x9000;
    private const ulong OtherCallee = 0xA000;

    [Fact]
    public void The_same_code_with_the_same_targets_elsewhere_is_exact()
    {
        DuplicateGroup group = Assert.Single(Find(Body(0x1000, 5, Callee), Body(0x2000, 5, Callee)));

        Assert.True(group.IsExact);
        Assert.Equal([0x1000u, 0x2000u], group.Bodies.Select(body => body.Rva));
        Assert.Equal(group.Bodies[0].Length, group.Wasted);
    }

    [Fact]
    public void Other_constants_or_targets_make_it_nearly_the_same()
    {
        Assert.False(Assert.Single(Find(Body(0x1000, 5, Callee), Body(0x2000, 6, Callee))).IsExact);
        Assert.False(Assert.Single(Find(Body(0x1000, 5, Callee), Body(0x2000, 5, OtherCallee))).IsExact);
        Assert.False(Assert.Single(Find(Body(0x1000, 5, Callee), Body(0x2000, 5_000_000, Callee))).IsExact);
        Assert.False(Assert.Single(Find(Body(0x1000, 5, Callee), Body(0x2000, 5, Callee, displacement: 0x1234))).IsExact);
    }

    [Fact]
    public void Another_register_another_operation_another_way_through_is_another_body()
    {
        Assert.Empty(Find(Body(0x1000, 5, Callee), Body(0x2000, 5, Callee, register: rdx)));
        Assert.Empty(Find(Body(0x1000, 5, Callee), Assemble(0x2000, a => a.nop(), a => a.ret())));
        Assert.Empty(Find(
            Assemble(0x1000, a => a.jmp(0x1003), a => a.nop(), a => a.nop(), a => a.ret()),
            Assemble(0x2000, a => a.jmp(0x2004), a => a.nop(), a => a.nop(), a => a.ret())));
        Assert.Empty(Find(Assemble(0x1000, a => a.@lock.inc(__qword_ptr[rax])), Assemble(0x2000, a => a.inc(__qword_ptr[rax]))));
    }

    [Fact]
    public void Of_equal_bodies_one_stands_for_all_among_nearly_equal_ones()
    {
        IReadOnlyList<DuplicateGroup> groups = Find(
            Body(0x1000, 5, Callee), Body(0x2000, 5, Callee), Body(0x3000, 5, Callee), Body(0x4000, 6, Callee));

        Assert.Equal([true, false], groups.Select(group => group.IsExact));
        Assert.Equal([0x1000u, 0x2000u, 0x3000u], groups[0].Bodies.Select(body => body.Rva));
        Assert.Equal([0x1000u, 0x4000u], groups[1].Bodies.Select(body => body.Rva));
        Assert.Equal(groups[1].Wasted * 2, groups[0].Wasted);
    }

    [Fact]
    public void Groups_of_the_core_hold_code_of_the_least_length_and_are_sorted_by_waste()
    {
        const int least = 20;
        IReadOnlyList<DuplicateGroup> groups = DuplicateBodies.Find(ReferenceBuild.Target.Code, least);

        Assert.Contains(
            groups,
            group => group.IsExact
                && group.Bodies.All(body => body.Source.ShortName.StartsWith("TableWriter.Append<", StringComparison.Ordinal)));
        Assert.Equal(groups.OrderByDescending(group => group.Wasted), groups);
        Assert.All(groups.SelectMany(group => group.Bodies), body => Assert.True(body.IsCode && body.Length >= least));
        Assert.True(DuplicateBodies.Find(ReferenceBuild.Target.Code, leastLength: 1).Count > groups.Count);
    }

    private static IReadOnlyList<DuplicateGroup> Find(params CodeShape[] shapes) => DuplicateBodies.Find(shapes);

    private static CodeShape Body(
        uint rva, int constant, ulong callee, int displacement = 8, AssemblerRegister64? register = null) => Assemble(
        rva,
        a => a.mov(register ?? rcx, constant),
        a => a.mov(rax, __qword_ptr[rcx + displacement]),
        a => a.call(callee),
        a => a.ret());

    private static CodeShape Assemble(uint rva, params Action<Assembler>[] instructions)
    {
        Assembler assembler = new(64);
        foreach (Action<Assembler> instruction in instructions)
        {
            instruction(assembler);
        }

        using MemoryStream code = new();
        assembler.Assemble(new StreamCodeWriter(code), rva);
        Decoder decoder = Decoder.Create(64, code.ToArray(), rva);
        List<Instruction> decoded = [];
        while (decoder.IP < rva + (ulong)code.Length)
        {
            decoded.Add(decoder.Decode());
        }

        return CodeShape.Of(Symbol(rva, (uint)code.Length), decoded);
    }

    private static Symbol Symbol(uint rva, uint length) =>
        new(rva, length, SymbolKind.Method, $"m{rva}", [], new SourceMember("Ember.Core", "", "", $"m{rva}"));
}
