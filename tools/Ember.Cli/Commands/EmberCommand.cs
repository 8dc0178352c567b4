using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Linq;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Compilation;

namespace Ember.Cli.Commands;

/// <summary>The whole command line: which commands there are, and how every one of them fails.</summary>
public static class EmberCommand
{
    private const int Interrupted = 130;

    /// <summary>Runs the command that <paramref name="arguments"/> give.</summary>
    /// <returns>
    /// The exit code: 0 done, 1 the thing checked is bad, 2 the command or its input is wrong, 3 the host lacks something.
    /// </returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host)
    {
        ParseResult parsed = Create(host).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            return Fail(
                host, new EmberException(ErrorKind.Input, $"{Problem(parsed)}; see '{NameOf(parsed.CommandResult.Command)} --help'"));
        }

        InvocationConfiguration configuration = new()
        {
            Output = host.Output,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,
        };
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (EmberException e)
        {
            return Fail(host, e);
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine("ember: stopped");
            return Interrupted;
        }
    }

    /// <summary>A command as it is typed: <c>ember keys new</c>.</summary>
    internal static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is Command parent ? $"{NameOf(parent)} {command.Name}" : "ember";

    private static RootCommand Create(CliHost host)
    {
        RootCommand root = new("Makes a USB key that turns a server into a hypervisor.")
        {
            NewCommand.Create(host),
            SummaryCommand.Create(host),
            BuildCommand.Create(host),
            SignCommand.Create(host),
            RunCommand.Create(host),
            FootprintCommand.Create(host),
            AuditCommand.Create(host),
            DeltaCommand.Create(host),
            PublishCommand.Create(host),
            UpdateCommand.Create(host),
            VerifyCommand.Create(host),
            InspectCommand.Create(host),
            DiffCommand.Create(host),
            KeysCommand.Create(host),
            WriteCommand.Create(host),
            TestCommand.Create(host),
            CompletionCommand.Create(host),
        };
        foreach (Option option in root.Options)
        {
            if (option is HelpOption help)
            {
                help.Action = new HelpWithExamples((HelpAction)help.Action!);
            }
            else if (option is VersionOption version)
            {
                version.Action = new VersionAction();
            }
        }

        return root;
    }

    /// <summary>What is wrong with a command line, in fewer words than its parser has.</summary>
    private static string Problem(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string commands = string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name));
        if (command.Subcommands.Count != 0)
        {
            return parsed.UnmatchedTokens.Count == 0
                ? $"a command is missing: {commands}"
                : $"'{parsed.UnmatchedTokens[0]}' is no command; there are {commands}";
        }

        Argument? missing = command.Arguments.FirstOrDefault(argument =>
            argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is null or { Tokens.Count: 0 });
        return missing is null
            ? string.Join(' ', parsed.Errors.Select(error => error.Message)).TrimEnd('.')
            : $"{command.Name} needs {missing.Name}: {missing.Description}";
    }

    private static int Fail(CliHost host, EmberException e)
    {
        host.Error.WriteLine($"ember: error: {e.Message}");
        return e.ExitCode;
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"ember {ToolVersions.EmberVersion}");
            return 0;
        }
    }
}
