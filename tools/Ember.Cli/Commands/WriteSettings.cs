using System.CommandLine;

namespace Ember.Cli.Commands;

/// <summary>What <c>ember write</c> takes.</summary>
internal sealed class WriteSettings
{
    /// <summary>The image.</summary>
    public Argument<string?> Image { get; } = new("IMAGE")
    {
        Description = "The image of a key: .img or .img.zst",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The device, or with <see cref="File"/> the file.</summary>
    public Argument<string?> Device { get; } = new("DEVICE")
    {
        Description = "The whole device to write, /dev/sdb; without it those that there are get listed",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Only list devices.</summary>
    public Option<bool> List { get; } = new("--list")
    {
        Description = "List the removable devices, and DEVICE if one is named; write nothing",
    };

    /// <summary>The serial number.</summary>
    public Option<string?> YesErase { get; } = new("--yes-erase")
    {
        Description = "Erase the device of this serial number (NAME:BYTES for one without) and do not ask",
        HelpName = "SERIAL",
    };

    /// <summary>The target is a file.</summary>
    public Option<bool> File { get; } = new("--file")
    {
        Description = "DEVICE is an ordinary file that stands for one; it is made if it is not there",
    };

    /// <summary>Allow large devices.</summary>
    public Option<bool> AllowLarge { get; } = new("--allow-large") { Description = "Allow a device of more than 128 GB" };

    /// <summary>Write only what differs.</summary>
    public Option<bool> ChangedOnly { get; } = new("--changed-only")
    {
        Description = "Read the device first and write only blocks that differ",
    };

    /// <summary>Measure the device.</summary>
    public Option<bool> CheckCapacity { get; } = new("--check-capacity")
    {
        Description = "First fill the whole device and read it back, to find whether it is as large as it says",
    };

    /// <summary>Answer for a program.</summary>
    public Option<bool> Json { get; } = CommonOptions.Json();
}
