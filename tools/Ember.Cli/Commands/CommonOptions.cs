using System.CommandLine;

namespace Ember.Cli.Commands;

/// <summary>What several commands take alike.</summary>
internal static class CommonOptions
{
    /// <summary>The folder of the appliance to build.</summary>
    public static Argument<string> ImageFolder() => new("IMAGE_FOLDER")
    {
        Description = "The folder that holds the appliance's appliance.toml",
    };

    /// <summary>Leave the host's packages alone.</summary>
    public static Option<bool> NoInstall() => new("--no-install")
    {
        Description = "Only name the host packages that are missing, and exit with 3",
    };

    /// <summary>Answer for a program instead of a person.</summary>
    public static Option<bool> Json() => new("--json")
    {
        Description = "Write the result to standard output as JSON, and everything else to standard error",
    };
}
