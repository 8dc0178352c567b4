using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Sdk.Manifests;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>Finds what somebody means by a name or the end of one.</summary>
internal static class SymbolSearch
{
    private const int LongestName = 512;
    private const int MostChoices = 5;

    /// <summary>From the most to the least particular: what a thing is called, by its symbols.</summary>
    private static readonly Func<SourceMember, string>[] _names =
    [
        member => member.FullName,
        member => Bare(member.FullName),
        member => member.Type.Length == 0 ? "" : TypeOf(member),
        member => member.Type.Length == 0 ? "" : Bare(TypeOf(member)),
    ];

    /// <summary>Finds it.</summary>
    /// <exception cref="EmberException">Nothing has the name, or several things have it (exit code 2).</exception>
    public static SymbolMatch Find(string name, IReadOnlyList<Symbol> symbols)
    {
        if (symbols.FirstOrDefault(symbol => symbol.Name == name || symbol.Aliases.Contains(name)) is { } exact)
        {
            return new SymbolMatch(exact.Source.FullName, [exact]);
        }

        Symbol[] named = [.. symbols.Where(symbol => symbol.Kind is not SymbolKind.UnwindInfo and not SymbolKind.MethodData)];
        foreach (Func<SourceMember, string> nameOf in _names)
        {
            IGrouping<string, Symbol>[] found =
            [
                .. named.GroupBy(symbol => nameOf(symbol.Source))
                    .Where(group => Fits(group.Key, name))
                    .OrderBy(group => group.Key, StringComparer.Ordinal),
            ];
            if (found.Length == 1)
            {
                return new SymbolMatch(found[0].Key, [.. found[0]]);
            }

            if (found.Length > 1)
            {
                string choices = string.Join(", ", found.Take(MostChoices).Select(group => $"'{group.Key}'"));
                throw new EmberException(
                    ErrorKind.Input,
                    $"'{name}' may be any of {found.Length}: {choices}{(found.Length > MostChoices ? ", …" : "")}; say more of its name");
            }
        }

        string? meant = name.Length > LongestName ? null : NearestName.Of(name, named.SelectMany(symbol => Endings(symbol.Source)));
        throw new EmberException(
            ErrorKind.Input,
            $"no member or type '{name}' is in the core; "
            + (meant is null ? "give a name as the report shows it, or its end" : $"did you mean '{meant}'?"));
    }

    private static string TypeOf(SourceMember member) =>
        member.Namespace.Length == 0 ? member.Type : $"{member.Namespace}.{member.Type}";

    private static bool Fits(string fullName, string name) =>
        name.Length != 0
        && fullName.EndsWith(name, StringComparison.Ordinal)
        && (fullName.Length == name.Length || fullName[^(name.Length + 1)] == '.');

    private static IEnumerable<string> Endings(SourceMember member) =>
        new[] { member.Type, Bare(member.Type), member.ShortName, Bare(member.ShortName), Bare(member.Member) }
            .Where(ending => ending.Length != 0)
            .Distinct();

    /// <summary>A name without parameters and type arguments. What the compiler itself names begins with an angle bracket.</summary>
    private static string Bare(string name)
    {
        StringBuilder bare = new();
        int depth = 0;
        for (int i = 0; i < name.Length; i++)
        {
            bool opens = name[i] == '(' || (name[i] == '<' && i != 0 && name[i - 1] != '.');
            depth += opens || (depth != 0 && name[i] == '<') ? 1 : 0;
            if (depth == 0)
            {
                bare.Append(name[i]);
            }

            depth -= depth != 0 && name[i] is '>' or ')' ? 1 : 0;
        }

        return bare.ToString();
    }
}
