using System.Collections.Generic;
using System.CommandLine;
using Ember.Sdk;

namespace Ember.Cli.Commands;

/// <summary><c>ember completion</c>: writes what makes a shell complete the ember command's words.</summary>
internal static class CompletionCommand
{
    // Each asks the program that is typed for the words that may follow, and takes files where it has none.
    private static readonly Dictionary<string, string> _scripts = new()
    {
        ["bash"] =
            """
            _ember() {
                local line=${COMP_LINE:0:COMP_POINT} word=${COMP_WORDS[COMP_CWORD]} words
                words=$("${COMP_WORDS[0]/#\~/$HOME}" "[suggest:${#line}]" "$line" 2>/dev/null)
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
            }
            complete -o default -F _ember ember tools/ember

            """,
        ["zsh"] =
            """
            _ember() {
                local line=$BUFFER[1,CURSOR]
                local -a suggested=("${(@f)$(${~words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
                compadd -- ${suggested:#} || _files
            }
            compdef _ember ember tools/ember

            """,
        ["fish"] =
            """
            function __ember_words
                set -l line (commandline --cut-at-cursor)
                set -l program (commandline --tokenize)[1]
                $program "[suggest:"(string length -- $line)"]" $line 2>/dev/null
            end
            complete --command ember --arguments '(__ember_words)'

            """,
    };

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        string shells = string.Join(", ", _scripts.Keys);
        Argument<string> shell = new("SHELL") { Description = $"The shell: {shells}" };
        shell.CompletionSources.Add([.. _scripts.Keys]);
        Command command = new("completion", "Writes a script that makes a shell complete commands and options.") { shell };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(shell);
            host.Output.Write(_scripts.TryGetValue(name, out string? script)
                ? script
                : throw new EmberException(ErrorKind.Input, $"'{name}' is no shell that is known; there are {shells}"));
            return 0;
        });
        return command;
    }
}
