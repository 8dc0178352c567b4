using System;
using System.Collections.Generic;

namespace Ember.Sdk.Validation;

/// <summary>Tells, in the serial log of an appliance, what each virtual machine wrote to its console.</summary>
public static class MachineLines
{
    /// <summary>What stands between a machine's name and its line.</summary>
    public const string Begins = "| ";

    /// <summary>What stands there when the line goes on with one that was not finished.</summary>
    public const string Continues = "|+";

    /// <summary>
    /// The lines of one virtual machine, whole and without its name. What it wrote while it was attached counts too; a line that the core
    /// interrupted then is two.
    /// </summary>
    /// <param name="lines">Every line of the appliance, in order.</param>
    /// <param name="machine">The machine's name.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<SerialLine> lines, string machine)
    {
        List<string> own = [];
        string? attached = null;
        bool isSole = false;
        foreach (SerialLine line in lines)
        {
            string text = line.Text;
            if (CoreLines.IsFromCore(text))
            {
                isSole |= CoreLines.IsSoleMachine(text);
                attached = isSole && CoreLines.IsRunning(text) ? CoreLines.ReadMachine(text) : CoreLines.ReadAttached(text, attached);
            }
            else if (IsPrefixed(text, machine, Begins))
            {
                own.Add(text[(machine.Length + Begins.Length)..]);
            }
            else if (IsPrefixed(text, machine, Continues) && own.Count != 0)
            {
                own[^1] += text[(machine.Length + Continues.Length)..];
            }
            else if (attached == machine && !IsOfMenu(text) && (isSole || !IsOfAnother(text)))
            {
                own.Add(text);
            }
        }

        return own;
    }

    private static bool IsPrefixed(string text, string machine, string separator) =>
        text.StartsWith(machine, StringComparison.Ordinal)
        && string.CompareOrdinal(text, machine.Length, separator, 0, separator.Length) == 0;

    private static bool IsOfMenu(string text) => text.StartsWith(CoreLines.Menu, StringComparison.Ordinal);

    /// <summary>Whether a line has a name before it: a machine that is attached beside others writes none that look so.</summary>
    private static bool IsOfAnother(string text)
    {
        int bar = text.IndexOf('|', StringComparison.Ordinal);
        return bar > 0 && bar + 1 < text.Length && text[bar + 1] is ' ' or '+' && !text.AsSpan(0, bar).ContainsAny(" \t");
    }
}
