using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit;

/// <summary>Rule 7: nothing linked but the core's own: no run time, no heap, no lazy start-up, nobody else's code.</summary>
internal static class ContentRule
{
    public static AuditRuleResult Check(AuditSubject subject)
    {
        List<AuditViolation> violations = [];
        Symbol? before = null;
        foreach (Symbol symbol in subject.Symbols)
        {
            violations.AddRange(Faults(subject, symbol).Select(fault => Violation(symbol, fault)));
            if (before is not null && symbol.Rva < before.End)
            {
                violations.Add(Violation(symbol, $"overlaps {before.Name}"));
            }

            before = symbol;
        }

        AuditEvidence[] evidence =
        [
            .. subject.Symbols.GroupBy(symbol => (symbol.Source.Assembly, symbol.Kind))
                .OrderBy(group => group.Key.Assembly, StringComparer.Ordinal)
                .ThenBy(group => group.Key.Kind)
                .Select(group => new AuditEvidence(
                    group.Key.Assembly, $"{group.Count()} {group.Key.Kind}, {group.Sum(symbol => (long)symbol.Length)} bytes")),
        ];
        return AuditSubject.Result(
            7,
            "no heap, no lazy initialisation, no exceptions, no foreign code",
            $"{subject.Symbols.Count} named pieces, all from {string.Join(", ", subject.Policy.Assemblies)}, or stubs and pieces of the "
            + "compiler's that the policy names; none of a run time's helpers for allocation, static constructors, exceptions, threads or "
            + "dispatch",
            evidence,
            violations);
    }

    private static IEnumerable<string> Faults(AuditSubject subject, Symbol symbol)
    {
        AuditPolicy policy = subject.Policy;
        string[] names = [symbol.Name, .. symbol.Aliases];
        if (names.FirstOrDefault(name => policy.ForbiddenNames.Any(pattern => Matches(pattern, name))) is { } forbidden)
        {
            yield return $"{forbidden} belongs to a run time, which the core does not have";
        }
        else if (!IsKnown(policy, symbol, names))
        {
            yield return $"{symbol.Name} is of {symbol.Source.Assembly}, and on no list of what may be linked";
        }

        PeSection? section = subject.Image.SectionAt(symbol.Rva);
        if (section is null || symbol.Length > section.VirtualSize - (symbol.Rva - section.Rva))
        {
            yield return $"{symbol.Name} lies in no section";
        }
        else if (section.IsExecutable != symbol.IsCode)
        {
            yield return symbol.IsCode ? $"{symbol.Name} is code in {section.Name}" : $"{symbol.Name} is no code, but in {section.Name}";
        }
    }

    private static bool IsKnown(AuditPolicy policy, Symbol symbol, string[] names) =>
        policy.Assemblies.Contains(symbol.Source.Assembly) || policy.CompilerPieces.Contains(symbol.Name)
        || (symbol.Source.Assembly == CoreSymbols.StubsAssembly && names.All(policy.Stubs.ContainsKey));

    private static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;

    private static AuditViolation Violation(Symbol symbol, string what) => new(symbol.Rva, symbol.Source.FullName, what);
}
