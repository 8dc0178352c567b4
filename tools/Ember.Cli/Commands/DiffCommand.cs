using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk;
using Ember.Sdk.Differences;

namespace Ember.Cli.Commands;

/// <summary><c>ember diff</c>: tells what differs between two images.</summary>
internal static class DiffCommand
{
    private static readonly JsonSerializerOptions _json =
        new(JsonOutput.Indented) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> before = new("BEFORE") { Description = "An image's file" };
        Argument<string> after = new("AFTER") { Description = "The image's file to compare it with" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("diff",
            "Tells what differs between two images: which files, which bytes, and why. Exit code 1 when something does.")
        {
            before, after, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            string first = parsed.GetRequiredValue(before);
            string second = parsed.GetRequiredValue(after);
            ImageDifference? difference = null;
            await new Steps(host).RunAsync($"comparing {first} with {second}", progress =>
            {
                difference = ImageComparer.Compare(host.FullPath(first), host.FullPath(second), progress, cancellation);
                return Task.CompletedTask;
            });
            host.Output.Write(parsed.GetValue(json) ? JsonSerializer.Serialize(difference, _json) + "\n" : Text(difference!));
            return difference!.IsNone ? 0 : (int)ErrorKind.Checked;
        });
        return command;
    }

    private static string Text(ImageDifference difference)
    {
        if (difference.IsNone)
        {
            return "the same to the bit\n";
        }

        StringBuilder text = new();
        if (difference.DifferentBytes is { } bytes)
        {
            Line($"{bytes:N0} {(bytes == 1 ? "byte differs" : "bytes differ")}");
        }
        else
        {
            Line($"lengths or places of partitions differ, so only what lies in them is compared");
        }

        foreach (ValueDifference value in difference.Values)
        {
            Line($"  {value.Name}: {Shown(value.Before)} -> {Shown(value.After)}");
        }

        if (difference.Files.Count != 0)
        {
            Line($"files");
        }

        foreach (FileDifference file in difference.Files)
        {
            string where = Where(file.Ranges, file.DifferentBytes);
            Line($"  {file.Partition}: {file.Path}: {Lengths(file)}, {file.DifferentBytes:N0} differ{where}");
            foreach (PartDifference part in file.Parts)
            {
                Line($"    {part.Name}: {part.DifferentBytes:N0} differ");
            }
        }

        if (difference.Areas.Count != 0)
        {
            Line($"outside of files");
        }

        foreach (AreaDifference area in difference.Areas)
        {
            Line($"  {area.Name}: {area.DifferentBytes:N0} bytes differ{Where(area.Ranges, area.DifferentBytes)}");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(FormattableString.Invariant(line)).Append('\n');
    }

    private static string Shown(string? value) => value is null ? "nothing" : value.Length == 0 ? "''" : value;

    private static string Lengths(FileDifference file) => (file.LengthBefore, file.LengthAfter) switch
    {
        (null, { } after) => FormattableString.Invariant($"added, {after:N0} bytes"),
        ({ } before, null) => FormattableString.Invariant($"removed, {before:N0} bytes"),
        ({ } before, { } after) when before == after => FormattableString.Invariant($"{before:N0} bytes"),
        ({ } before, { } after) => FormattableString.Invariant($"{before:N0} -> {after:N0} bytes"),
        _ => throw new ArgumentOutOfRangeException(nameof(file)),
    };

    // The ranges are the first few, and hold equal bytes between different ones.
    private static string Where(IReadOnlyList<ByteRange> ranges, long differentBytes) =>
        " at " + string.Join(", ", ranges.Select(range => FormattableString.Invariant($"{range.Start}+{range.Length}")))
        + (ranges.Sum(range => range.Length) < differentBytes ? ", …" : "");
}
