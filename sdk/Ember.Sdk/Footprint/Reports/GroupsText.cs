using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>What was compiled several times, for a person at a terminal.</summary>
public static class GroupsText
{
    /// <summary>Writes generics with their shapes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="generics">The generics, the largest first.</param>
    /// <param name="top">Generics shown at most.</param>
    public static void Write(TextWriter output, IReadOnlyList<GenericGroup> generics, int top)
    {
        output.WriteLine(generics.Count == 0 ? "no generic was compiled to two shapes or more" : "generics and their shapes:");
        foreach (GenericGroup group in generics.Take(top))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{group.Sizes.File,9:N0}  {group.Definition}: {group.Shapes.Count} shapes"));
            foreach (string shape in group.Shapes.Select(shape => shape.Source.ShortName))
            {
                output.WriteLine($"           {shape}");
            }
        }
    }

    /// <summary>Writes equal and nearly equal methods.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="duplicates">The groups, what wastes most first.</param>
    /// <param name="top">Groups shown at most.</param>
    public static void Write(TextWriter output, IReadOnlyList<DuplicateGroup> duplicates, int top)
    {
        output.WriteLine(duplicates.Count == 0 ? "no two methods have the same code" : "methods with the same code, and bytes of all but one:");
        foreach (DuplicateGroup group in duplicates.Take(top))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Wasted,9:N0}  {group.Bodies.Count} {(group.IsExact ? "equal" : "equal but for constants and targets")}"));
            foreach (string body in group.Bodies.Select(body => body.Source.FullName))
            {
                output.WriteLine($"           {body}");
            }
        }
    }
}
