using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace Ember.Sdk.Compilation;

/// <summary>A checkout of Ember: where its parts lie.</summary>
/// <param name="root">The full path of its folder.</param>
public sealed class Repository(string root)
{
    /// <summary>The full path of the checkout.</summary>
    public string Root { get; } = root;

    /// <summary>The solution with every project.</summary>
    public string Solution => Path.Combine(Root, "Embedded.sln");

    /// <summary>The project whose build gives <c>core.efi</c>.</summary>
    public string CoreProject => Path.Combine(Root, "src", "Core", "Ember.Core.csproj");

    /// <summary>What runs on the appliance: a solution filter with core and loader.</summary>
    public string ApplianceSources => Path.Combine(Root, "src", "Appliance.slnf");

    /// <summary>Where built images go, one folder each, unless the command names another place.</summary>
    public string Output => Path.Combine(Root, "out");

    /// <summary>Where everything that a build can make again goes.</summary>
    public string Artifacts { get; init; } = Path.Combine(root, "artifacts");

    /// <summary>Properties for MSBuild, besides those that the sources set themselves.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Where Debian packages are kept that were fetched.</summary>
    public string DebianCache => Path.Combine(Artifacts, "cache", "debian");

    /// <summary>The checkout that holds the folder <paramref name="path"/> or one of its parents.</summary>
    /// <exception cref="EmberException">There is none (exit code 3).</exception>
    public static Repository Containing(string path)
    {
        for (DirectoryInfo? folder = new(path); folder is not null; folder = folder.Parent)
        {
            Repository repository = new(folder.FullName);
            if (File.Exists(repository.Solution) && File.Exists(repository.CoreProject))
            {
                return repository;
            }
        }

        throw new EmberException(ErrorKind.Host, $"{path}: not inside a checkout of Ember; run tools/ember from one");
    }

    /// <summary>The same sources with a vendor's board among them; what is made of them goes to a folder of its own.</summary>
    /// <param name="sources">Full path of the folder with the board's sources.</param>
    /// <param name="name">Of the appliance.</param>
    public Repository WithBoard(string sources, string name)
    {
        string artifacts = Path.Combine(Artifacts, "boards", name);
        return new Repository(Root)
        {
            Artifacts = artifacts,
            Properties = new Dictionary<string, string>(Properties)
            {
                ["ArtifactsPath"] = artifacts,
                ["BareMachineOnly"] = "true",
                ["BoardSources"] = sources,
            },
        };
    }

    /// <summary>The version of ilc, the NativeAOT compiler, that this checkout pins.</summary>
    /// <exception cref="EmberException">Directory.Packages.props does not say (exit code 2).</exception>
    public string ReadIlcVersion()
    {
        string path = Path.Combine(Root, "Directory.Packages.props");
        try
        {
            return XDocument.Load(path).Descendants("IlcVersion").Single().Value;
        }
        catch (Exception e) when (e is IOException or XmlException or InvalidOperationException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot read IlcVersion: {e.Message}", e);
        }
    }
}
