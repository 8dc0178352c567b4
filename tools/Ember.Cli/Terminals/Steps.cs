using System;
using System.Threading.Tasks;
using Spectre.Console;

namespace Ember.Cli.Terminals;

/// <summary>Shows a person which part of a long command is at work.</summary>
/// <param name="host">Where to show it: a spinner on a terminal, else one line for each step.</param>
internal sealed class Steps(CliHost host)
{
    /// <summary>Does <paramref name="work"/>, which may say what it goes on to, while showing that <paramref name="name"/> goes
    /// on.</summary>
    public async Task RunAsync(string name, Func<Action<string>, Task> work)
    {
        if (!host.IsTerminal)
        {
            host.Report(name);
            await work(host.Report);
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Error) });
        await console.Status().StartAsync(Text(name), status => work(next => status.Status(Text(next))));
    }

    private static string Text(string name) => $"ember: {Markup.Escape(name)}";
}
