using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.MSBuild.Tests;

/// <summary>
/// What a vendor has: a folder outside any checkout, with a project that names the package. The package comes from a feed that holds
/// nothing else, what it needs from the packages that building this test has fetched.
/// </summary>
public sealed class VendorFolder : IAsyncLifetime
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ember-vendor-");

    internal Repository Checkout { get; } = Repository.Containing(AppContext.BaseDirectory);

    internal string Project => Path.Combine(_root.FullName, "edge");

    internal string Image => Path.Combine(Project, "bin", "Release", "edge", "usb-key.img");

    internal string Record => Path.Combine(Project, "bin", "Release", "edge", "build.json");

    public async Task InitializeAsync()
    {
        HostCommandResult packed = await DotnetAsync(
            Checkout.Root, "pack", "sdk/Ember.Sdk.MSBuild", "--no-build", "-c", "Release", "-o", Path.Combine(_root.FullName, "feed"));
        Assert.True(packed.ExitCode == 0, packed.Output);
        Directory.CreateDirectory(Project);
        File.WriteAllBytes(Path.Combine(Project, "quit.elf"), QuitGuest.Build(QuitKind.PowerOff));
        File.WriteAllText(Path.Combine(Project, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="vendor" value="../feed" />
                <add key="fetched" value="{Fetched}" />
              </packageSources>
            </configuration>
            """);
        WriteProject("64MiB");
    }

    public Task DisposeAsync()
    {
        _root.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Writes the project.</summary>
    /// <param name="memory">Of its virtual machine.</param>
    /// <param name="more">Properties.</param>
    internal void WriteProject(string memory, string more = "") => File.WriteAllText(Path.Combine(Project, "edge.proj"), $"""
        <Project Sdk="Ember.Sdk/{ToolVersions.EmberVersion}">
          <PropertyGroup>
            <ApplianceVendor>Vendor</ApplianceVendor>
            <ApplianceProduct>Edge server</ApplianceProduct>
            <ApplianceVersion>1.0</ApplianceVersion>
            {more}
          </PropertyGroup>
          <ItemGroup>
            <VirtualMachine Include="quit" Memory="{memory}" Boot="pvh" Kernel="quit.elf" />
          </ItemGroup>
        </Project>
        """);

    /// <summary>Runs <c>dotnet</c> in the project's folder.</summary>
    internal Task<HostCommandResult> DotnetAsync(string verb) => DotnetAsync(Project, verb, "--nologo", "--tl:off");

    private static string Fetched => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private Task<HostCommandResult> DotnetAsync(string folder, params string[] arguments) =>
        new HostCommand("dotnet", arguments)
        {
            WorkingDirectory = folder,
            Variables = new Dictionary<string, string>(DotnetBuild.Variables)
            {
                // A node that stays would keep an assembly of another test's package.
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["NUGET_PACKAGES"] = folder == Project ? Path.Combine(_root.FullName, "packages") : Fetched,
            },
        }.RunAsync(HostSystem.Current);
}
