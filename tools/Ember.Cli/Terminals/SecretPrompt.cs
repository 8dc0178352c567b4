using System;
using System.Text;

namespace Ember.Cli.Terminals;

/// <summary>Asks for a password or a PIN, which the terminal does not show.</summary>
internal static class SecretPrompt
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
        StringBuilder typed = new();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                typed.Append(key.KeyChar);
            }
            else if (typed.Length != 0)
            {
                typed.Length--;
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
