using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Compilation;
using Ember.Sdk.Images;

namespace Ember.Sdk.Documents;

/// <summary>
/// How an appliance came to be: an in-toto statement, version 1, with SLSA's provenance, version 1, about every file on the key but the
/// bank's manifest, which holds this document's digest, and its signature.
/// </summary>
internal static class ProvenanceDocument
{
    private const string BuildType = "urn:ember:appliance-build:1";
    private const string Builder = "urn:ember:sdk";
    private const string Compiler = "runtime.linux-x64.Microsoft.DotNet.ILCompiler";

    /// <summary>Writes the statement.</summary>
    public static JsonObject Write(ApplianceFacts facts, BillOfMaterials bill) => new()
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = new JsonArray([.. bill.Components
            .Where(component => component.Kind == ComponentKind.KeyFile)
            .Select(file => new JsonObject { ["name"] = file.Name, ["digest"] = Digest("sha256", file.Sha256!) })]),
        ["predicateType"] = "https://slsa.dev/provenance/v1",
        ["predicate"] = new JsonObject
        {
            ["buildDefinition"] = new JsonObject
            {
                ["buildType"] = BuildType,
                ["externalParameters"] = Parameters(facts),
                ["resolvedDependencies"] = new JsonArray([.. Dependencies(facts, bill)]),
            },
            ["runDetails"] = new JsonObject
            {
                ["builder"] = new JsonObject { ["id"] = Builder, ["version"] = Versions(facts.Tools) },
            },
        },
    };

    private static JsonObject Parameters(ApplianceFacts facts)
    {
        JsonObject parameters = new()
        {
            ["appliance"] = facts.Manifest.Name,
            ["sourceDateEpoch"] = facts.SourceDateEpoch,
        };
        if (facts.Manifest.Variant is { } variant)
        {
            parameters["variant"] = variant;
        }

        if (facts.ExtraCommandLine is { } extra)
        {
            parameters["extraCommandLine"] = extra;
        }

        return parameters;
    }

    private static IEnumerable<JsonObject> Dependencies(ApplianceFacts facts, BillOfMaterials bill)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(facts.Manifest.Path))!;
        IEnumerable<string> files = facts.Appliance.Files.SelectMany(file => file.Inputs.Files)
            .Concat(BoardSources(facts)).Select(Path.GetFullPath);
        foreach (string file in files.Prepend(Path.GetFullPath(facts.Manifest.Path)).Distinct())
        {
            yield return new JsonObject
            {
                ["name"] = Path.GetRelativePath(folder, file),
                ["digest"] = Digest("sha256", ContentDigest.OfFile(file).Sha256),
            };
        }

        foreach (Component package in bill.Components.Where(component => component.Kind == ComponentKind.Package))
        {
            yield return new JsonObject { ["uri"] = package.PackageUrl, ["digest"] = Digest("sha256", package.Sha256!) };
        }

        yield return new JsonObject
        {
            ["uri"] = PackageUrl.OfEmber(facts.Tools.Ember),
            ["digest"] = Digest("dirHash", facts.SourceHash),
        };
        yield return new JsonObject { ["uri"] = PackageUrl.OfNuget(Compiler, facts.Tools.Ilc) };
    }

    private static IEnumerable<string> BoardSources(ApplianceFacts facts) => facts.Manifest.BoardSources is { } folder
        ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [];

    private static JsonObject Versions(ToolVersions tools) => new()
    {
        ["ember"] = tools.Ember,
        ["dotnet"] = tools.Dotnet,
        ["lld"] = tools.Lld,
    };

    private static JsonObject Digest(string algorithm, string value) => new() { [algorithm] = value };
}
