using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Footprint.Duplicates;

/// <summary>Finds functions whose machine code is the same, or nearly. The linker folds no C#: it is all one piece to it.</summary>
public static class DuplicateBodies
{
    /// <summary>The least bytes of a function that is looked at; what is smaller is alike by nature.</summary>
    public const int UsualLeastLength = 16;

    /// <summary>
    /// Groups of equal functions and of nearly equal ones, what wastes most first. Of functions that are equal only one is in a
    /// group of nearly equal ones, so the groups' wasted bytes may be added up.
    /// </summary>
    /// <param name="code">The core's code.</param>
    /// <param name="leastLength">The least bytes of a function that is looked at.</param>
    public static IReadOnlyList<DuplicateGroup> Find(CodeMap code, int leastLength = UsualLeastLength) =>
        Find(code.Functions
            .Where(function => function.Symbol.Length >= leastLength)
            .Select(function => CodeShape.Of(function.Symbol, function.Instructions)));

    /// <summary>The same for shapes that are known.</summary>
    /// <param name="shapes">The shapes, by address.</param>
    internal static IReadOnlyList<DuplicateGroup> Find(IEnumerable<CodeShape> shapes)
    {
        CodeShape[][] equal = [.. shapes.GroupBy(shape => shape.Exact, StringComparer.Ordinal).Select(group => group.ToArray())];
        IEnumerable<CodeShape[]> alike = equal
            .Select(group => group[0])
            .GroupBy(shape => shape.Near, StringComparer.Ordinal)
            .Select(group => group.ToArray());
        return
        [
            .. Groups(isExact: true, equal)
                .Concat(Groups(isExact: false, alike))
                .OrderByDescending(group => group.Wasted)
                .ThenBy(group => group.Bodies[0].Rva)
                .ThenBy(group => !group.IsExact),
        ];
    }

    private static IEnumerable<DuplicateGroup> Groups(bool isExact, IEnumerable<CodeShape[]> groups) => groups
        .Where(group => group.Length > 1)
        .Select(group => new DuplicateGroup(
            isExact,
            [.. group.Select(shape => shape.Symbol)],
            group.Sum(shape => (long)shape.Symbol.Length) - group.Max(shape => shape.Symbol.Length)));
}
