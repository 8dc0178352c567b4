using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Ember.Sdk.Footprint.Retention;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>Why something is there, for a person at a terminal.</summary>
public static class RetentionText
{
    /// <summary>Writes an answer.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="nameOf">Turns a symbol into what people call it.</param>
    /// <param name="depth">Levels of what only it keeps.</param>
    /// <param name="top">Rows shown under one row.</param>
    public static void Write(TextWriter output, RetentionAnswer answer, Func<string, string> nameOf, int depth, int top)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.Name}: {answer.Sizes.File:N0} bytes of the file; {answer.Retained.File:N0} would go with it"));
        output.WriteLine(answer.Path.Count == 0 ? "nothing leads to it" : "it is there because of:");
        for (int i = 0; i < answer.Path.Count; i++)
        {
            output.WriteLine($"  {new string(' ', i * 2)}{(i == 0 ? "" : "└─ ")}{nameOf(answer.Path[i])}");
        }

        if (answer.Kept.Count != 0 && depth != 0)
        {
            output.WriteLine("only it keeps:");
            WriteKept(output, answer.Kept, "  ", depth, top);
        }
    }

    private static void WriteKept(TextWriter output, IReadOnlyList<RetentionNode> nodes, string indent, int depth, int top)
    {
        foreach (RetentionNode node in nodes.Take(top))
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{indent}{node.Retained.File,9:N0}  {node.Symbol.Source.FullName}"));
            if (depth > 1)
            {
                WriteKept(output, node.Children, indent + "  ", depth - 1, top);
            }
        }

        if (nodes.Count > top)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{indent}{nodes.Skip(top).Sum(node => node.Retained.File),9:N0}  {nodes.Count - top} more"));
        }
    }
}
