using System.IO;
using System.Text;
using Ember.Sdk.Output;
using Microsoft.Build.Framework;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>Writes the manifest of an appliance from the project's properties and items, if it is not that already.</summary>
public sealed class WriteManifest : EmberTask
{
    /// <summary>Keys, see <see cref="ManifestText.Write"/>.</summary>
    [Required]
    public ITaskItem[] Keys { get; set; } = [];

    /// <summary>The virtual machines.</summary>
    public ITaskItem[] VirtualMachines { get; set; } = [];

    /// <summary>Their payloads.</summary>
    public ITaskItem[] Payloads { get; set; } = [];

    /// <summary>The project's full path.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>The file to write.</summary>
    [Required]
    public string Manifest { get; set; } = "";

    /// <inheritdoc/>
    protected override void Run()
    {
        string text = new ManifestText(Path.GetDirectoryName(Project)!, Path.GetDirectoryName(Manifest)!)
            .Write(Keys, VirtualMachines, Payloads);
        if (!File.Exists(Manifest) || File.ReadAllText(Manifest) != text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Manifest)!);
            AtomicFile.WriteAllBytes(Manifest, Encoding.UTF8.GetBytes(text));
        }
    }
}
