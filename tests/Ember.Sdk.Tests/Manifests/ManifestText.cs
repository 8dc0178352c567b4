using System.IO;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

/// <summary>A good manifest to make bad ones of, and a folder with the files it names.</summary>
internal static class ManifestText
{
    public const string Good =
        """
        [appliance]
        name = "edge"
        vendor = "Contoso"
        product = "Edge Box"
        version = "1.4.0"
        after_last_vm = "stay"
        [image]
        size = "128MiB"
        label = "EDGE"
        [[vm]]
        name = "web"
        memory = "256MiB"
        cpus = 1
        boot = "linux"
        kernel = "vmlinuz"
        initrd = { busybox = "init" }
        command_line = "console=ttyS0"
        restart = "on-failure"
        start = false
        weight = 200
        cap = 150
        pin = [0, 63]
        [lab]
        crash = "page-fault"
        [budget]
        core = "128KiB"
        growth = "4KiB"
        baseline = "footprint.json"
        [budget.namespaces]
        "Ember.Core.Devices" = "64KiB"

        """;

    /// <summary>Writes the manifest and the files it names.</summary>
    /// <returns>The manifest's path.</returns>
    public static string Write(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder["vmlinuz"], "not looked into");
        File.WriteAllText(folder["init"], "#!/bin/sh\n");
        File.WriteAllText(folder["footprint.json"], "not looked into");
        File.WriteAllText(folder["appliance.toml"], text);
        return folder["appliance.toml"];
    }

    /// <summary>Reads a manifest that is refused.</summary>
    /// <returns>The failure, its message without the folder in front of the manifest's name.</returns>
    public static (string Message, ErrorKind Kind) Refused(string text)
    {
        using TemporaryFolder folder = new();
        string path = Write(folder, text);
        EmberException e = Assert.Throws<EmberException>(() => ManifestReader.Read(path));
        return (e.Message.Replace(folder.Path + "/", "", System.StringComparison.Ordinal).Replace(folder.Path, "FOLDER", System.StringComparison.Ordinal), e.Kind);
    }
}
