using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Documents;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Payloads;
using Ember.Sdk.Verification;

namespace Ember.Sdk.Tests.Documents;

public sealed class KeyDocumentsTests
{
    private const string Manifest =
        """
        [appliance]
        name = "edge"
        vendor = "Contoso"
        product = "Edge Box"
        version = "1.4.0"

        [[vm]]
        name = "one"
        memory = "32MiB"
        kernel = { debian = "linux-image-1" }
        initrd = { busybox = "init" }
        command_line = "one"

        [[vm]]
        name = "two"
        memory = "32MiB"
        kernel = "vmlinuz"

        """;

    private static readonly KeyPrograms _programs = new("the loader"u8.ToArray(), "the core"u8.ToArray());

    private static readonly string[] _files =
        ["EFI/BOOT/BOOTX64.EFI", "core.efi", "appliance.plan", "vmlinuz-1", "one-initrd.cpio", "vmlinuz"];

    [Fact]
    public async Task CycloneDX_has_every_file_of_the_key_and_what_it_is_made_of()
    {
        using FakeDebian debian = Offer();
        ApplianceFacts facts = await FactsAsync(debian);
        JsonObject bill = Read(KeyDocuments.Write(facts, _programs), KeyDocuments.CycloneDx);
        JsonObject[] components = [.. bill["components"]!.AsArray().Select(node => node!.AsObject())];
        Assert.Equal(_files, components.Where(file => Text(file["type"]) == "file").Select(file => Text(file["name"])));
        Assert.Equal(
            Digests(facts),
            components.Where(file => Text(file["type"]) == "file").Select(file => Text(file["hashes"]![0]!["content"])));
        Assert.Equal(
            [
                "pkg:generic/ember@1.0", "pkg:deb/debian/linux-image-1@1.0-1?arch=amd64", "pkg:deb/debian/busybox-static@1.0-1?arch=amd64",
                "pkg:deb/debian/linux-image-1@1.0-1?arch=source", "pkg:deb/debian/busybox-static@1.0-1?arch=source",
                "pkg:deb/debian/glibc@1:2.36-9%2Bdeb12u14?arch=source",
            ],
            components.Where(component => component.ContainsKey("purl")).Select(component => Text(component["purl"])));

        Dictionary<string, string[]> parts = bill["dependencies"]!.AsArray().ToDictionary(
            node => Text(node!["ref"]), node => node!["dependsOn"]!.AsArray().Select(Text).ToArray());
        Assert.Equal(components.Select(component => Text(component["bom-ref"])).Prepend("appliance"), parts.Keys);
        Assert.Empty(parts.Values.SelectMany(ids => ids).Except(parts.Keys));
        Assert.Equal(_files.Select(file => $"file:{file}"), parts["appliance"]);
        Assert.Equal(["pkg:deb/debian/busybox-static@1.0-1?arch=amd64"], parts["file:one-initrd.cpio"]);
        Assert.Equal(["ember"], parts["file:core.efi"]);
        Assert.Empty(parts["file:vmlinuz"]);
    }

    [Fact]
    public async Task SPDX_says_the_same()
    {
        using FakeDebian debian = Offer();
        ApplianceFacts facts = await FactsAsync(debian);
        IReadOnlyList<KeyDocument> documents = KeyDocuments.Write(facts, _programs);
        JsonObject cyclone = Read(documents, KeyDocuments.CycloneDx);
        JsonObject spdx = Read(documents, KeyDocuments.Spdx);
        Dictionary<string, JsonObject> packages = spdx["packages"]!.AsArray().ToDictionary(
            node => Text(node!["SPDXID"]), node => node!.AsObject());
        JsonObject[] components = [.. cyclone["components"]!.AsArray().Select(node => node!.AsObject())];
        Assert.Equal(
            components
                .Select(component => (
                    Text(component["name"]), component["version"]?.ToString(), component["hashes"]?[0]!["content"]!.ToString()))
                .Prepend(("Edge Box", "1.4.0", null)),
            packages.Values.Select(package => (
                Text(package["name"]), package["versionInfo"]?.ToString(), package["checksums"]?[0]!["checksumValue"]!.ToString())));

        Dictionary<string, string> names = components.ToDictionary(
            component => Text(component["bom-ref"]), component => Text(component["name"]));
        names.Add("appliance", "Edge Box");
        Assert.Equal(
            cyclone["dependencies"]!.AsArray()
                .SelectMany(node => node!["dependsOn"]!.AsArray().Select(part => (names[Text(node["ref"])], names[Text(part)]))),
            spdx["relationships"]!.AsArray().Where(node => Text(node!["relationshipType"]) != "DESCRIBES").Select(node => (
                Text(packages[Text(node!["spdxElementId"])]["name"]), Text(packages[Text(node["relatedSpdxElement"])]["name"]))));
        Assert.All(packages.Keys, id => Assert.Matches("^SPDXRef-[A-Za-z0-9.-]+$", id));
    }

    [Fact]
    public async Task The_provenance_is_about_every_file_and_names_everything_that_went_in()
    {
        using FakeDebian debian = Offer();
        ApplianceFacts facts = await FactsAsync(debian);
        JsonObject statement = Read(KeyDocuments.Write(facts, _programs), KeyDocuments.Provenance);
        JsonArray subjects = statement["subject"]!.AsArray();
        Assert.Equal(_files, subjects.Select(subject => Text(subject!["name"])));
        Assert.Equal(Digests(facts), subjects.Select(subject => Text(subject!["digest"]!["sha256"])));
        Assert.Equal(
            [
                ("appliance.toml", FakeDebian.Digest(debian["appliance.toml"])),
                ("init", FakeDebian.Digest(debian["init"])),
                ("vmlinuz", FakeDebian.Digest(debian["vmlinuz"])),
                ("pkg:deb/debian/linux-image-1@1.0-1?arch=amd64", FakeDebian.Digest(debian["pool/linux-image-1=1.0-1"])),
                ("pkg:deb/debian/busybox-static@1.0-1?arch=amd64", FakeDebian.Digest(debian["pool/busybox-static=1.0-1"])),
                ("pkg:generic/ember@1.0", "the sources' hash"),
                ("pkg:nuget/runtime.linux-x64.Microsoft.DotNet.ILCompiler@10.0", null),
            ],
            statement["predicate"]!["buildDefinition"]!["resolvedDependencies"]!.AsArray().Select(input => (
                (input!["name"] ?? input["uri"])!.ToString(), input["digest"]?.AsObject().Single().Value!.ToString())));
    }

    [Fact]
    public async Task Another_folder_gives_the_same_documents()
    {
        using FakeDebian debian = Offer();
        using TemporaryFolder another = new();
        foreach (string name in (string[])["appliance.toml", "init", "vmlinuz"])
        {
            File.Copy(debian[name], another[name]);
        }

        foreach ((KeyDocument first, KeyDocument second) in KeyDocuments.Write(await FactsAsync(debian), _programs)
            .Zip(KeyDocuments.Write(await FactsAsync(debian, another["appliance.toml"]), _programs)))
        {
            Assert.Equal(first.Name, second.Name);
            Assert.Equal(Encoding.UTF8.GetString(first.Content.Span), Encoding.UTF8.GetString(second.Content.Span));
        }
    }

    [Fact]
    public async Task Another_core_gives_other_identifiers_and_a_time_that_is_given_stands_in_both_bills()
    {
        using FakeDebian debian = Offer();
        ApplianceFacts facts = await FactsAsync(debian);
        IReadOnlyList<KeyDocument> before = KeyDocuments.Write(facts, _programs);
        IReadOnlyList<KeyDocument> after =
            KeyDocuments.Write(facts with { SourceDateEpoch = 1_700_000_000 }, _programs with { Core = "another"u8.ToArray() });
        foreach ((string document, string key) in ((string, string)[])[
            (KeyDocuments.CycloneDx, "serialNumber"), (KeyDocuments.Spdx, "documentNamespace")])
        {
            Assert.NotEqual(Text(Read(before, document)[key]), Text(Read(after, document)[key]));
        }

        Assert.False(Read(before, KeyDocuments.CycloneDx)["metadata"]!.AsObject().ContainsKey("timestamp"));
        Assert.Equal("2023-11-14T22:13:20Z", Text(Read(after, KeyDocuments.CycloneDx)["metadata"]!["timestamp"]));
        Assert.Equal("2023-11-14T22:13:20Z", Text(Read(after, KeyDocuments.Spdx)["creationInfo"]!["created"]));
    }

    [Fact]
    public async Task A_file_that_has_gone_is_an_error()
    {
        using FakeDebian debian = Offer();
        ApplianceFacts facts = await FactsAsync(debian);
        File.Delete(debian["init"]);
        EmberException e = Assert.Throws<EmberException>(() => KeyDocuments.Write(facts, _programs));
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.StartsWith($"{debian["appliance.toml"]}: a file it names cannot be read: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_for_updates_is_a_file_of_the_key()
    {
        using FakeDebian debian = Offer();
        await File.AppendAllTextAsync(debian["appliance.toml"], "\n[update]\naddress = \"http://updates.example/\"\n");
        BillOfMaterials bill = BillOfMaterials.Of(await FactsAsync(debian), _programs);
        Component file = Assert.Single(bill.Components, component => component.Name == BankNames.UpdateAddress);
        Assert.Equal(ContentDigest.Of("http://updates.example/"u8).Sha256, file.Sha256);
        Assert.Contains(file.Id, bill.Appliance.MadeOf);
    }

    [Fact]
    public void The_sources_hash_is_what_other_programs_make_of_them()
    {
        string script =
            "cd \"$1\" && find src tools/Ember.Stubs Directory.Build.props Directory.Packages.props global.json -type f | LC_ALL=C sort "
            + "| tr '\\n' '\\0' | xargs -0 sha256sum | sha256sum";
        (string text, int exitCode) = HostTool.Run("dash", "sh", "-c", script, "sh", ReferenceBuild.Repository);
        Assert.Equal(($"{SourceTree.Hash(new Repository(ReferenceBuild.Repository))}  -\n", 0), (text, exitCode));
    }

    [Fact]
    public void The_reference_images_banks_are_signed_with_the_documents_beside_it()
    {
        VerificationReport report = new ImageVerifier().Verify(ReferenceBuild.Folder.Image);
        Assert.Empty(report.Findings);
        Assert.All(report.Contents.Banks, bank => Assert.Equal(
            ((string[])[KeyDocuments.CycloneDx, KeyDocuments.Spdx, KeyDocuments.Provenance])
                .Select(name => (name, FakeDebian.Digest(Path.Combine(ReferenceBuild.Folder.Folder, name)))),
            bank.Manifest!.Files.Where(file => file.Kind == BankFileKind.Document).Select(file => (file.Name, file.Sha256))));
        JsonNode statement = JsonNode.Parse(File.ReadAllText(Path.Combine(ReferenceBuild.Folder.Folder, KeyDocuments.Provenance)))!;
        Assert.Equal(
            report.Contents.Banks[0].Manifest!.Files.Where(file => file.Kind != BankFileKind.Document).Select(file => file.Sha256),
            statement["subject"]!.AsArray().Skip(1).Select(subject => Text(subject!["digest"]!["sha256"])));
    }

    private static FakeDebian Offer()
    {
        FakeDebian debian = new();
        debian.Offer("linux-image-1", "", new() { ["boot/vmlinuz-1"] = SmallKernel.Make() });
        debian.BuiltUsing = "glibc (= 1:2.36-9+deb12u14)";
        debian.Offer("busybox-static", "", new() { ["bin/busybox"] = [.. "the box"u8] });
        File.WriteAllBytes(debian["vmlinuz"], SmallKernel.Make());
        File.WriteAllText(debian["init"], "#!/bin/sh\n");
        File.WriteAllText(debian["appliance.toml"], Manifest);
        return debian;
    }

    private static async Task<ApplianceFacts> FactsAsync(FakeDebian debian, string? path = null)
    {
        Manifest manifest = ManifestReader.Read(path ?? debian["appliance.toml"]);
        CompiledAppliance appliance = await new ApplianceCompiler(debian.Packages()).CompileAsync(manifest, debian["payloads"]);
        return new ApplianceFacts(manifest, appliance, new ToolVersions("1.0", "10", "10.0", "LLD 14"), "the sources' hash", 0, null);
    }

    private static string[] Digests(ApplianceFacts facts) =>
    [
        .. ((ReadOnlyMemory<byte>[])[_programs.Loader, _programs.Core, facts.Appliance.Plan])
            .Select(bytes => Convert.ToHexStringLower(SHA256.HashData(bytes.Span))),
        .. facts.Appliance.Payloads.Select(payload => FakeDebian.Digest(payload.Path)),
    ];

    private static JsonObject Read(IReadOnlyList<KeyDocument> documents, string name) =>
        JsonNode.Parse(documents.Single(document => document.Name == name).Content.Span)!.AsObject();

    private static string Text(JsonNode? node) => node!.ToString();
}
