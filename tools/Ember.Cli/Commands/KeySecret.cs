using System;
using Spectre.Console;

namespace Ember.Cli.Commands;

/// <summary>The password or PIN of a key that signs: from the environment, or from whoever sits at the terminal.</summary>
internal static class KeySecret
{
    /// <summary>The variable that holds it.</summary>
    public const string Variable = "EMBER_KEY_PASSWORD";

    /// <summary>Gets it; null when there is neither a variable nor a terminal.</summary>
    /// <param name="name">The key, as it is shown.</param>
    public static string? Ask(string name)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } value)
        {
            return value;
        }

        return Console.IsInputRedirected
            ? null
            : AnsiConsole.Prompt(new TextPrompt<string>($"Password or PIN of {Markup.Escape(name)}:").Secret(null).AllowEmpty());
    }
}
