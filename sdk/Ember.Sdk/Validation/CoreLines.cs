using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Ember.Formats;

namespace Ember.Sdk.Validation;

/// <summary>The lines of the core that a lab's script may rely on, and how to read them.</summary>
public static partial class CoreLines
{
    /// <summary>What every line of the core begins with.</summary>
    public const string Prefix = "ember: ";

    /// <summary>What the first line of a fault's dump begins with.</summary>
    public const string Fault = "ember: fault:";

    /// <summary>What the core's last line begins with when it stays so that its lines can be read.</summary>
    public const string Stays = "ember: stopped: ";

    /// <summary>What every line of the console's menu begins with.</summary>
    public const string Menu = "ember> ";

    /// <summary>The boot timer's step with which a guest says that its user space runs.</summary>
    public const int UserSpaceStep = BootTimerPort.UserSpace;

    /// <summary>True for a line of the core, as opposed to one of the firmware or of a guest's console.</summary>
    public static bool IsFromCore(string line) => line.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>True for <c>ember: … verified</c>, whatever follows: a file is in memory and is the one that was built.</summary>
    public static bool IsVerified(string line) => FileVerified().IsMatch(line);

    /// <summary>True for <c>ember: vm … running</c>: the virtual machine was started.</summary>
    public static bool IsRunning(string line) => VirtualMachineRunning().IsMatch(line);

    /// <summary>
    /// The virtual machine that a line <c>ember: vm … running</c> or one about its boot timer names; null for other lines.
    /// </summary>
    public static string? ReadMachine(string line)
    {
        Match match = VirtualMachineRunning().Match(line) is { Success: true } running ? running : BootTimer().Match(line);
        return match.Success ? match.Groups["name"].Value : null;
    }

    /// <summary>
    /// Follows whose console has the serial line for itself: the virtual machine that <paramref name="line"/> attaches, null when it
    /// detaches one, else <paramref name="attached"/>.
    /// </summary>
    public static string? ReadAttached(string line, string? attached) =>
        ConsoleAttached().Match(line) is { Success: true } match ? match.Groups["name"].Value
            : ConsoleDetached().IsMatch(line) ? null
            : attached;

    /// <summary>
    /// True for <c>ember: […] starting 1 virtual machine</c>: it alone has the serial line, and its lines have no name before them.
    /// </summary>
    public static bool IsSoleMachine(string line) => SoleMachine().IsMatch(line);

    /// <summary>True for <c>ember: vm … powered off</c>.</summary>
    public static bool IsPoweredOff(string line) => VirtualMachinePoweredOff().IsMatch(line);

    /// <summary>
    /// True for <c>ember: vm …: stopped: …</c> and <c>ember: vm …: not started: …</c>: the core ended the virtual machine or had
    /// to do without it, and says why.
    /// </summary>
    public static bool IsStopped(string line) => VirtualMachineStopped().IsMatch(line);

    /// <summary>
    /// The time since the virtual machine's start, by the core's own clock, in <c>ember: vm …: boot timer STEP at SECONDS s</c>;
    /// null for another line or another step.
    /// </summary>
    public static TimeSpan? ReadBootTimer(string line, int step)
    {
        Match match = BootTimer().Match(line);
        return match.Success
            && match.Groups["step"].Value == step.ToString(CultureInfo.InvariantCulture)
            && double.TryParse(match.Groups["seconds"].Value, CultureInfo.InvariantCulture, out double seconds)
            && seconds < TimeSpan.MaxValue.TotalSeconds
                ? TimeSpan.FromSeconds(seconds)
                : null;
    }

    [GeneratedRegex(@"^ember: [^ ]+ verified\b")]
    private static partial Regex FileVerified();

    [GeneratedRegex("^ember: vm (?<name>[^:]+) running$")]
    private static partial Regex VirtualMachineRunning();

    [GeneratedRegex("^ember: vm (?<name>[^:]+): console attached;")]
    private static partial Regex ConsoleAttached();

    [GeneratedRegex("^ember: vm [^:]+: console detached$")]
    private static partial Regex ConsoleDetached();

    [GeneratedRegex(@"^ember: \[[0-9]/[0-9]\] starting 1 virtual machine$")]
    private static partial Regex SoleMachine();

    [GeneratedRegex("^ember: vm [^:]+ powered off$")]
    private static partial Regex VirtualMachinePoweredOff();

    [GeneratedRegex("^ember: vm [^:]+: (stopped|not started): ")]
    private static partial Regex VirtualMachineStopped();

    [GeneratedRegex(@"^ember: vm (?<name>[^:]+): boot timer (?<step>[0-9]+) at (?<seconds>[0-9]+(\.[0-9]+)?) s$")]
    private static partial Regex BootTimer();
}
