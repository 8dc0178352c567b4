using System;

namespace Ember.Cli.Terminals;

/// <summary>Asks for a line at the terminal.</summary>
internal static class LinePrompt
{
    /// <summary>Asks at the terminal.</summary>
    /// <param name="what">What is asked for.</param>
    /// <returns>What was typed; null where standard input is no terminal.</returns>
    public static string? Read(string what)
    {
        if (Console.IsInputRedirected)
        {
            return null;
        }

        Console.Error.Write($"{what}: ");
        return Console.ReadLine();
    }
}
