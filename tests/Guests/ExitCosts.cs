using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ember.Guests;

/// <summary>Reads what <see cref="ExitCostGuest"/> printed.</summary>
public static partial class ExitCosts
{
    /// <summary>The ticks of one exit, by the exit's name, in the order they were printed; the loop around it is taken
    /// off.</summary>
    /// <param name="lines">Every line of the machine.</param>
    /// <exception cref="FormatException">The guest did not get to its end: the loop's line or an exit's is missing.</exception>
    public static IReadOnlyDictionary<string, double> Read(IEnumerable<string> lines)
    {
        OrderedDictionary<string, double> ticks = [];
        foreach (string line in lines)
        {
            Match match = Result().Match(line);
            if (match.Success)
            {
                ticks[match.Groups["name"].Value] = double.Parse(match.Groups["ticks"].Value, CultureInfo.InvariantCulture);
            }
        }

        if (!ticks.Remove(ExitCostGuest.Loop, out double loop))
        {
            throw new FormatException($"no line 'exit {ExitCostGuest.Loop} TICKS'");
        }

        OrderedDictionary<string, double> costs = [];
        foreach (string name in ExitCostGuest.Exits)
        {
            costs[name] = ticks.TryGetValue(name, out double spent)
                ? (spent - loop) / ExitCostGuest.Rounds
                : throw new FormatException($"no line 'exit {name} TICKS'");
        }

        return costs;
    }

    [GeneratedRegex("^exit (?<name>[a-z-]+) (?<ticks>[0-9]+)$")]
    private static partial Regex Result();
}
