using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Footprint;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint.Html;

/// <summary>
/// Reports to show: a small one with everything in it, one with names that mean harm, one of a core as large as cores may get.
/// </summary>
internal static class SampleReports
{
    /// <summary>Names that would do something if a page took them for more than text.</summary>
    public static IReadOnlyList<string> HostileNames { get; } =
    [
        "<script>window.harmed=1</script>", "</script><img src=x onerror=window.harmed=2>", "\" onclick=\"window.harmed=3", "a|b'c`d",
        "\0\u0007\u001b[31m", "\u202Etxt.exe\u2066", "\uD800", "javascript:window.harmed=4", "%3Cb%3E/../#tab=audit&symbol=x", "__proto__",
    ];

    /// <summary>A few symbols, and something for each tab.</summary>
    public static FootprintReport Small()
    {
        ReportBuilder builder = new();
        Symbol main = builder.Add(SymbolKind.Method, "Ember.Core.Startup", "EntryPoint", "EfiMain(Void*)", 420, aliases: ["EfiMain"]);
        Symbol run = builder.Add(SymbolKind.Method, "Ember.Core.Machines", "Machine", "Run()", 900, main);
        Symbol step = builder.Add(SymbolKind.Method, "Ember.Core.Machines", "Machine", "Step(VmExit&)", 600, run);
        Symbol append = builder.Add(SymbolKind.Method, "Ember.Platform.Text", "LineBuffer", "Append(Byte)", 120, step);
        builder.Add(SymbolKind.Stub, "", "", "EmberWriteMsr", 9, step);
        builder.Add(SymbolKind.Literal, "Ember.Platform.Text", "LineBuffer", "Digits", 64, append);
        builder.Add(SymbolKind.Statics, "Ember.Core.Machines", "Machine", "static fields", 4096, run);
        Symbol svm = builder.Add(SymbolKind.Method, "Ember.Core.Machines", "Loop<Svm, Int32>", "Halt()", 210, run);
        Symbol vmx = builder.Add(SymbolKind.Method, "Ember.Core.Machines", "Loop<Vmx, Int32>", "Halt()", 208, run);
        FootprintReport report = builder.Build("core.efi");
        return report with
        {
            Generics = [new GenericGroup("Ember.Core.Machines.Loop`2.Halt()", new Sizes(0, 450, 450, 0), [svm, vmx])],
            Duplicates = [new DuplicateGroup(true, [svm, vmx], 208)],
            Diff = new FootprintDiff("release 1", new Sizes(0, 3000, 7000, 0), report.Root.Sizes,
            [
                Row(DiffChange.Grown, run, 500, 900),
                Row(DiffChange.Removed, append, 333, 0) with { Name = "Ember.Core.Old.Gone()", Namespace = "Ember.Core.Old" },
                Row(DiffChange.Shrunk, step, 700, 600),
                Row(DiffChange.Added, append, 0, 120),
                Row(DiffChange.Moved, main, 420, 420) with { FormerName = "Ember.Core.Old.Main(Void*)" },
            ]),
            History =
            [
                new HistoryEntry(
                    "aaaa1111", report.Digest, new Sizes(0, 2000, 6000, 0), new Dictionary<string, long> { ["Ember.Core"] = 900 }),
                new HistoryEntry("bbbb2222", report.Digest, report.Root.Sizes, new Dictionary<string, long> { ["Ember.Core"] = 1200 }),
            ],
            Audit = new AuditReport(
            [
                new AuditRuleResult(1, "No recursion", "9 functions, no cycle", [new AuditEvidence(run.Source.FullName, "calls 3")], []),
                new AuditRuleResult(2, "Privileged instructions stand in stubs", "1 violation", [],
                    [new AuditViolation(step.Rva + 1, step.Source.FullName, "wrmsr in C#")]),
            ]),
        };
    }

    /// <summary>Hostile names wherever a report has a text.</summary>
    public static FootprintReport Hostile()
    {
        ReportBuilder builder = new();
        foreach (string name in HostileNames)
        {
            Symbol root = builder.Add(SymbolKind.Method, name, name, name, 200, aliases: [name]);
            builder.Add(SymbolKind.Method, name + "2", name, name, 100, root);
        }

        string all = string.Concat(HostileNames);
        FootprintReport report = builder.Build(all);
        return report with
        {
            Generics = [new GenericGroup(all, default, [.. builder.Symbols])],
            Duplicates = [new DuplicateGroup(false, [.. builder.Symbols], 1)],
            Diff = new FootprintDiff(all, default, default,
                [.. builder.Symbols.Select(symbol => Row(DiffChange.Removed, symbol, 200, 0) with { FormerName = all })]),
            History = [new HistoryEntry(all, all, report.Root.Sizes, new Dictionary<string, long> { [all] = 1 })],
            Audit = new AuditReport([new AuditRuleResult(1, all, all, [new AuditEvidence(all, all)], [new AuditViolation(9, all, all)])]),
        };
    }

    /// <summary>A core of 256 KiB: 2,400 functions, 55,000 instructions, less alike than those of a compiler.</summary>
    public static FootprintReport Large()
    {
        const int Functions = 2400;
        const int Instructions = 55_000;
        string[] registers = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
        string[] operations = ["mov", "add", "sub", "xor", "and", "or", "cmp", "test", "lea", "movzx", "imul", "shl"];
        Sequence sequence = new();
        ReportBuilder builder = new();
        builder.Add(SymbolKind.Method, "Ember.Core.Startup", "EntryPoint", "EfiMain(Void*)", 420, aliases: ["EfiMain"]);
        for (int i = 1; i < Functions; i++)
        {
            int keeper = sequence.Next(builder.Symbols.Count);
            string number = i.ToString(CultureInfo.InvariantCulture);
            builder.Add(
                SymbolKind.Method, $"Ember.Core.Part{i % 40}", $"Type{i % 300}", $"Member{number}(UInt64, Byte*)",
                94, builder.Symbols[keeper]);
        }

        foreach (Symbol function in builder.Symbols)
        {
            List<ListingLine> lines = [];
            uint rva = function.Rva;
            for (int i = 0; i < (Instructions + Functions - 1) / Functions; i++)
            {
                string register = registers[sequence.Next(registers.Length)];
                string other = registers[sequence.Next(registers.Length)];
                string text = sequence.Next(12) switch
                {
                    0 => $"call {builder.Symbols[sequence.Next(Functions)].Source.FullName}",
                    1 => $"jne short 0x{function.Rva + sequence.Next(94):X}",
                    < 6 => $"{operations[sequence.Next(operations.Length)]} {register}, [{other}+0x{sequence.Next(200) * 8:X}]",
                    _ => $"{operations[sequence.Next(operations.Length)]} {register}, {other}",
                };
                string? source = i % 7 == 0 ? $"src/Core/{function.Source.Type}.cs:{sequence.Next(400)}" : null;
                lines.Add(new ListingLine(rva, 2 + sequence.Next(6), text, source));
                rva += (uint)lines[^1].Length;
            }

            builder.Listings.Add(function, new MethodListing(function.Name, lines));
        }

        return builder.Build("core.efi");
    }

    private static DiffRow Row(DiffChange change, Symbol symbol, long before, long after) => new(
        change, PieceKind.Method, symbol.Source.Namespace, symbol.Source.FullName, null,
        new Sizes(0, before, before, 0), new Sizes(0, after, after, 0));

    /// <summary>Numbers without a pattern, the same every time.</summary>
    private sealed class Sequence
    {
        private uint _state = 1;

        public int Next(int end)
        {
            _state = (_state * 1664525) + 1013904223;
            return (int)((_state >> 8) % (uint)end);
        }
    }
}
