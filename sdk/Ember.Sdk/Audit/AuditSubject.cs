using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>The image that rules are checked on.</summary>
internal sealed class AuditSubject(PeImage image, IReadOnlyList<Symbol> symbols, AuditPolicy policy, CodeMap code)
{
    private readonly IntelFormatter _formatter = new();

    public PeImage Image => image;

    public IReadOnlyList<Symbol> Symbols => symbols;

    public AuditPolicy Policy => policy;

    public CodeMap Code => code;

    /// <summary>The functions that somebody outside enters.</summary>
    public IReadOnlyList<CodeFunction> Roots { get; } =
    [
        .. policy.Entries.Select(entry => entry.Function)
            .Concat(policy.Tables.Select(table => table.Function))
            .Select(code.Find)
            .OfType<CodeFunction>(),
    ];

    /// <summary>The system instructions that a function may have: none unless it is a stub that the policy names.</summary>
    public IReadOnlyList<string> AllowedIn(CodeFunction function) =>
        function.Symbol.Kind == SymbolKind.Stub ? policy.Stubs.GetValueOrDefault(function.Symbol.Name) ?? [] : [];

    /// <summary>A violation at an address.</summary>
    public AuditViolation At(uint rva, string what) =>
        new(rva, code.At(rva)?.Name ?? image.SectionAt(rva)?.Name ?? "image", what);

    /// <summary>An instruction as text.</summary>
    public string Text(in Instruction instruction)
    {
        StringOutput output = new();
        _formatter.Format(in instruction, output);
        return output.ToStringAndReset();
    }

    /// <summary>A rule's result; <paramref name="proven"/> is what is said when nothing breaks the rule.</summary>
    public static AuditRuleResult Result(
        int number, string title, string proven, IReadOnlyList<AuditEvidence> evidence, IReadOnlyList<AuditViolation> violations) => new(
            number,
            title,
            violations.Count == 0 ? proven : $"broken in {violations.Count} places",
            evidence,
            [.. violations.OrderBy(violation => violation.Rva).ThenBy(violation => violation.What, StringComparer.Ordinal)]);
}
