using System;
using System.Globalization;
using System.IO;
using System.Text.RegularExpressions;
using Microsoft.Build.Utilities;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>A task whose failures are MSBuild errors with file and line where they have them.</summary>
public abstract partial class EmberTask : Task
{
    /// <inheritdoc/>
    public sealed override bool Execute()
    {
        try
        {
            Run();
        }
        catch (EmberException e)
        {
            Report(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Report(new EmberException(ErrorKind.Host, e.Message, e));
        }
        catch (OperationCanceledException)
        {
            Log.LogError("stopped");
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Does the work.</summary>
    protected abstract void Run();

    /// <summary>The file to name for another one, which the vendor did not write.</summary>
    protected virtual string OriginOf(string file) => file;

    /// <summary>Logs a warning that begins with file and line.</summary>
    protected void Warn(string message)
    {
        (string? file, int line, string text) = Place(message);
        Log.LogWarning(null, "EMBER0", null, null, file, line, 0, 0, 0, 0, "{0}", text);
    }

    private void Report(EmberException e)
    {
        string code = $"EMBER{e.ExitCode}";
        if (CompilerError().Matches(e.Message) is { Count: > 0 } errors)
        {
            foreach (Match error in errors)
            {
                Log.LogError(
                    null, error.Groups["code"].Value, null, null, error.Groups["file"].Value, Number(error.Groups["line"]),
                    Number(error.Groups["column"]), 0, 0, "{0}", error.Groups["text"].Value);
            }

            return;
        }

        (string? file, int line, string text) = Place(e.Message);
        Log.LogError(null, code, null, null, file, line, 0, 0, 0, "{0}", text);
    }

    private (string? File, int Line, string Text) Place(string message)
    {
        Match match = FileAndLine().Match(message);
        if (!match.Success)
        {
            return (null, 0, message);
        }

        string file = match.Groups["file"].Value;
        string origin = OriginOf(file);
        return (origin, origin == file ? Number(match.Groups["line"]) : 0, match.Groups["text"].Value);
    }

    private static int Number(Group group) =>
        int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    [GeneratedRegex(@"^(?<file>\S[^(\n]*)\((?<line>\d+),(?<column>\d+)\): error (?<code>\w+): (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex CompilerError();

    [GeneratedRegex(@"\A(?<file>/[^:\n]+):(?:(?<line>\d+):)? (?<text>.*)\z", RegexOptions.Singleline)]
    private static partial Regex FileAndLine();
}
