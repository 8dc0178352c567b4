using System.CommandLine;
using Ember.Sdk.Templates;

namespace Ember.Cli.Commands;

/// <summary><c>ember new</c>: writes an appliance to begin with.</summary>
internal static class NewCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> folder = new("FOLDER") { Description = "Where the appliance goes; made if it is not there" };
        Option<string?> name = new("--name") { Description = "The appliance's name, in place of the folder's", HelpName = "NAME" };
        Command command = new("new", "Writes an appliance to begin with: a commented manifest that builds at once.") { folder, name };
        command.SetAction(parsed =>
        {
            foreach (string file in ApplianceTemplate.Write(host.FullPath(parsed.GetRequiredValue(folder)), parsed.GetValue(name)))
            {
                host.Output.WriteLine(file);
            }
        });
        return command;
    }
}
