using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests.Commands;

public sealed class CompletionCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ember b", "build")]
    [InlineData("ember build --rel", "--release")]
    [InlineData("ember completion z", "zsh")]
    [InlineData("ember keys sh", "show")]
    [InlineData("ember build images/", "")]
    public async Task Bash_completes_what_is_typed(string line, string expected)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ember.dll");
        string bin = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "ember"), $"#!/bin/sh\nexec dotnet '{program}' \"$@\"\n");
        File.SetUnixFileMode(
            Path.Combine(bin, "ember"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        const string Script =
            """
            PATH=$1:$PATH
            source <(ember completion bash)
            COMP_LINE=$2 COMP_POINT=${#2}
            read -ra COMP_WORDS <<< "$2"
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _ember
            printf '%s\n' "${COMPREPLY[*]}"
            """;
        HostCommandResult result =
            await new HostCommand("bash", "-c", Script, "bash", bin, line).RunAsync(HostSystem.Current);
        Assert.Equal(($"{expected}\n", ""), (result.Output, result.Error));
    }

    [Theory]
    [InlineData("zsh", "compdef _ember ember")]
    [InlineData("fish", "complete --command ember")]
    public async Task Other_shells_have_a_script_too(string shell, string expected)
    {
        CliRun run = await CliRun.InAsync(_folder.Path, arguments: ["completion", shell]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(expected, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        CliRun run = await CliRun.InAsync(_folder.Path, arguments: ["completion", "csh"]);
        Assert.Equal(
            (2, "ember: error: 'csh' is no shell that is known; there are bash, zsh, fish\n"), (run.ExitCode, run.Error));
    }
}
