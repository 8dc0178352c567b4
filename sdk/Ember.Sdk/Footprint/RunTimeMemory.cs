using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ember.Sdk.Footprint;

/// <summary>
/// What memory a running core holds, as its line <c>ember: memory: …</c> says, in bytes. <c>sdk/docs/core-lines.md</c> tells more.
/// </summary>
public sealed partial record RunTimeMemory
{
    private const long LargestKibibytes = long.MaxValue / 1024 / 16;

    private RunTimeMemory()
    {
    }

    /// <summary>The core as the firmware loaded it.</summary>
    public required long Image { get; init; }

    /// <summary>The plan and the firmware's memory map.</summary>
    public required long Files { get; init; }

    /// <summary>What virtual machines are loaded from.</summary>
    public required long Payloads { get; init; }

    /// <summary>The core's stacks.</summary>
    public required long Stacks { get; init; }

    /// <summary>Pages of page tables in use, nested ones included.</summary>
    public required long PageTablesUsed { get; init; }

    /// <summary>Pages kept for page tables; those in use are among them.</summary>
    public required long PageTables { get; init; }

    /// <summary>What the processor's virtualization extension needs for itself.</summary>
    public required long Virtualization { get; init; }

    /// <summary>State of virtual machines.</summary>
    public required long Machines { get; init; }

    /// <summary>RAM of virtual machines.</summary>
    public required long Guests { get; init; }

    /// <summary>Free.</summary>
    public required long Free { get; init; }

    /// <summary>All that the core ever found free.</summary>
    public required long Found { get; init; }

    /// <summary>Everything that is held besides guests' RAM and the files that guests are made of.</summary>
    public long Own => Image + Files + Stacks + PageTables + Virtualization + Machines;

    /// <summary>What was found free and is accounted for: equals <see cref="Found"/> when nothing was lost.</summary>
    public long Accounted => Stacks + PageTables + Virtualization + Machines + Guests + Free;

    /// <summary>Reads the line <paramref name="line"/> of a core; false for any other.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out RunTimeMemory? memory)
    {
        memory = null;
        Match match = Line().Match(line);
        if (!match.Success || !match.Groups.Values.Skip(1).All(group => Kibibytes(group) <= LargestKibibytes))
        {
            return false;
        }

        long Bytes(string part) => Kibibytes(match.Groups[part]) * 1024;
        RunTimeMemory read = new()
        {
            Image = Bytes("image"),
            Files = Bytes("files"),
            Payloads = Bytes("payloads"),
            Stacks = Bytes("stacks"),
            PageTablesUsed = Bytes("used"),
            PageTables = Bytes("tables"),
            Virtualization = Bytes("virtualization"),
            Machines = Bytes("machines"),
            Guests = Bytes("guests"),
            Free = Bytes("free"),
            Found = Bytes("found"),
        };
        memory = read.PageTablesUsed <= read.PageTables && read.Free <= read.Found ? read : null;
        return memory is not null;
    }

    private static long Kibibytes(Group digits) =>
        long.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : long.MaxValue;

    [GeneratedRegex(
        "^ember: memory: image (?<image>[0-9]+) KiB, files (?<files>[0-9]+) KiB, payloads (?<payloads>[0-9]+) KiB, "
        + "stacks (?<stacks>[0-9]+) KiB, page tables (?<used>[0-9]+) of (?<tables>[0-9]+) KiB, virtualization (?<virtualization>[0-9]+) KiB, "
        + "machines (?<machines>[0-9]+) KiB, guests (?<guests>[0-9]+) KiB, free (?<free>[0-9]+) of (?<found>[0-9]+) KiB\\z")]
    private static partial Regex Line();
}
