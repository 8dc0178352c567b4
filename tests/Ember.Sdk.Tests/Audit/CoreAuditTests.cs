using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Sdk.Audit;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;
using Iced.Intel;

namespace Ember.Sdk.Tests.Audit;

/// <summary>The core as it is built, and what becomes of the audit when it is damaged.</summary>
public sealed class CoreAuditTests
{
    private static PeImage Image => ReferenceBuild.Target.Core;

    private static IReadOnlyList<Symbol> Symbols => ReferenceBuild.Target.Symbols.All;

    [Fact]
    public void The_core_keeps_every_rule()
    {
        AuditReport report = CoreAudit.Run(Image, Symbols, AuditPolicy.Core);
        Assert.True(report.Passed, AuditAssert.Text(report));
        Assert.Equal(Enumerable.Range(1, 7), report.Rules.Select(rule => rule.Number));
        Assert.All(report.Rules, rule => Assert.NotEmpty(rule.Evidence));
    }

    [Fact]
    public void Two_audits_say_the_same() => Assert.Equal(
        Everything(CoreAudit.Run(Image, Symbols, AuditPolicy.Core)),
        Everything(CoreAudit.Run(Image, Symbols, AuditPolicy.Core)));

    [Fact]
    public void The_model_of_the_core_s_code_is_the_linear_disassembly()
    {
        CodeMap code = ReferenceBuild.Target.Code;
        Assert.Empty(code.Flaws);
        foreach (CodeFunction function in code.Functions.Where(function => function.Symbol.Kind == SymbolKind.Method))
        {
            Decoder decoder = Decoder.Create(
                64, Image.At(function.Symbol.Rva, function.Symbol.Length).ToArray(), function.Symbol.Rva, DecoderOptions.None);
            Assert.Equal(Addresses(decoder), Addresses(function.Instructions));
        }
    }

    [Fact]
    public void Loops_are_found_where_code_jumps_back()
    {
        CodeMap code = ReferenceBuild.Target.Code;
        CodeFunction halt = code.Find("EmberHalt")!;
        BackEdge edge = Assert.Single(halt.BackEdges);
        Assert.Equal(halt.Symbol.Rva, edge.To);
        Assert.Equal([halt.BlockOf(edge.To)], halt.Loop(edge));
        Assert.All(
            code.Functions.SelectMany(function => function.BackEdges.Select(back => (function, back))),
            pair => Assert.Contains(pair.function.BlockOf(pair.back.From), pair.function.Loop(pair.back)));
    }

    [Fact]
    public void A_core_with_bytes_changed_is_audited_to_the_end() =>
        Gen.Select(Gen.Int[0, Image.Bytes.Length - 1], Gen.Byte).Array[1, 16].Sample(
            changes =>
            {
                byte[] bytes = [.. Image.Bytes];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                Audit(bytes, Symbols);
            },
            iter: 40);

    [Fact]
    public void Code_that_is_noise_is_audited_to_the_end() =>
        Gen.Byte.Array[0x600].Sample(
            noise =>
            {
                (byte[] image, Symbol[] symbols) = new SmallImage().Build();
                noise.CopyTo(image, SmallPe.TextOffset);
                Audit(image, symbols);
            },
            iter: 500);

    [Fact]
    public void Symbols_that_say_anything_are_audited_to_the_end() =>
        Gen.Select(Gen.UInt[0, 0x8000], Gen.UInt, Gen.Enum<SymbolKind>()).Array[1, 20].Sample(
            pieces =>
            {
                (byte[] image, Symbol[] symbols) = new SmallImage().Build();
                Audit(
                    image,
                    [
                        .. symbols.Concat(pieces.Select(piece => new Symbol(
                            piece.Item1, piece.Item2 % 0x4000, piece.Item3, "piece", [], new SourceMember("Small", "", "", "piece"))))
                            .OrderBy(symbol => symbol.Rva),
                    ]);
            },
            iter: 500);

    private static void Audit(byte[] image, IReadOnlyList<Symbol> symbols)
    {
        try
        {
            Assert.NotEmpty(CoreAudit.Run(PeImage.Parse("damaged.efi", image), symbols, AuditPolicy.Core).Rules);
            Assert.NotEmpty(CoreAudit.Run(PeImage.Parse("damaged.efi", image), symbols, new SmallImage().Policy).Rules);
        }
        catch (EmberException e)
        {
            Assert.Equal(ErrorKind.Input, e.Kind);
        }
    }

    /// <summary>What does something: padding, and NOPs in the way of it, are left out.</summary>
    private static IEnumerable<ulong> Addresses(IEnumerable<Instruction> instructions) => instructions
        .Where(instruction => instruction.Mnemonic is not (Mnemonic.Nop or Mnemonic.Int3))
        .Select(instruction => instruction.IP);

    private static string Everything(AuditReport report) => string.Join(
        '\n',
        report.Rules.SelectMany(rule => rule.Evidence.Select(fact => $"{fact.Function}: {fact.Detail}").Prepend(rule.Summary)));
}
