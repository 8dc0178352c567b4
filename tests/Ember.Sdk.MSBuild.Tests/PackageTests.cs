using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Verification;

namespace Ember.Sdk.MSBuild.Tests;

/// <summary>The package does for a vendor what the checkout does: <c>dotnet build</c> of a project gives the image.</summary>
[Trait("Category", "Slow")]
public sealed class PackageTests(VendorFolder vendor) : IClassFixture<VendorFolder>
{
    [Fact]
    public async Task A_project_in_a_fresh_folder_builds_the_image_that_the_checkout_builds_and_only_when_something_changed()
    {
        vendor.WriteProject("64MiB");
        HostCommandResult built = await vendor.DotnetAsync("build");
        Assert.True(built.ExitCode == 0, built.Output + built.Error);
        Assert.Equal(0, new ImageVerifier().Verify(vendor.Image).Errors);

        // The checkout's command takes the manifest that was made of the project.
        ApplianceBuild checkout = new(vendor.Checkout, HostSystem.Current, TimeProvider.System);
        BuildResult expected = await checkout.RunAsync(
            Path.Combine(vendor.Project, "obj", "ember", "Release", "edge"), Path.Combine(vendor.Project, "expected"));
        Assert.Equal(await File.ReadAllBytesAsync(expected.Folder.Image), await File.ReadAllBytesAsync(vendor.Image));

        // The record has the digests of everything else.
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(expected.Folder.Folder, BuildRecord.FileName)), await File.ReadAllTextAsync(vendor.Record));

        DateTime time = File.GetLastWriteTimeUtc(vendor.Image);
        Assert.Equal(0, (await vendor.DotnetAsync("build")).ExitCode);
        Assert.Equal(time, File.GetLastWriteTimeUtc(vendor.Image));

        // A payload that is newer than the image.
        File.SetLastWriteTimeUtc(Path.Combine(vendor.Project, "quit.elf"), time.AddSeconds(1));
        Assert.Equal(0, (await vendor.DotnetAsync("build")).ExitCode);
        Assert.NotEqual(time, File.GetLastWriteTimeUtc(vendor.Image));

        Assert.Equal(0, (await vendor.DotnetAsync("clean")).ExitCode);
        Assert.False(Directory.Exists(Path.GetDirectoryName(vendor.Image)));
    }

    [Fact]
    public async Task What_is_wrong_with_an_item_is_an_error_of_the_project()
    {
        vendor.WriteProject("3MiB");
        HostCommandResult built = await vendor.DotnetAsync("build");
        Assert.Equal(1, built.ExitCode);
        Assert.Contains(
            $"{Path.Combine(vendor.Project, "edge.proj")} : error EMBER2: vm 'quit': memory 3MiB does not fit", built.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_manifest_is_an_error_of_its_line()
    {
        string manifest = Path.Combine(vendor.Project, "own", ApplianceBuild.ManifestFile);
        Directory.CreateDirectory(Path.GetDirectoryName(manifest)!);
        await File.WriteAllTextAsync(manifest, "[appliance]\nname = \"edge\"\nvendr = \"Vendor\"\n");
        await File.WriteAllTextAsync(
            Path.Combine(vendor.Project, "edge.proj"),
            $"""<Project Sdk="Ember.Sdk/{ToolVersions.EmberVersion}"><PropertyGroup><EmberManifest>own/appliance.toml</EmberManifest></PropertyGroup></Project>""");
        HostCommandResult built = await vendor.DotnetAsync("build");
        Assert.Equal(1, built.ExitCode);
        Assert.Contains(
            $"{manifest}(3): error EMBER2: [appliance]: unknown key 'vendr'; did you mean 'vendor'?", built.Output, StringComparison.Ordinal);
    }
}
