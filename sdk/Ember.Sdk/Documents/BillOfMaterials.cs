using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Documents;

/// <summary>Everything that lies on a key, and what it is made of as far as that is known.</summary>
/// <param name="Appliance">The whole.</param>
/// <param name="Components">Its parts, each once: files in the key's order, then what they are made of.</param>
public sealed record BillOfMaterials(Component Appliance, IReadOnlyList<Component> Components)
{
    private const string Debian = "Debian";

    /// <summary>Lists an appliance's parts.</summary>
    public static BillOfMaterials Of(ApplianceFacts facts, KeyPrograms programs)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(programs);
        Component ember = new("ember", ComponentKind.Ember, "Ember")
        {
            Version = facts.Tools.Ember,
            PackageUrl = PackageUrl.OfEmber(facts.Tools.Ember),
        };
        Component[] files =
        [
            KeyFile(FlashLayout.LoaderPath, programs.Loader.Span, ember.Id),
            KeyFile(BankNames.Core, programs.Core.Span, ember.Id),
            KeyFile(BankNames.Plan, facts.Appliance.Plan.Span),
            .. facts.Appliance.UpdateAddress.IsEmpty
                ? Array.Empty<Component>()
                : [KeyFile(BankNames.UpdateAddress, facts.Appliance.UpdateAddress.Span)],
            .. facts.Appliance.Files.Select(file =>
                KeyFile(file.Name, file.Digest, [.. file.Inputs.Packages.Select(PackageUrl.Of)])),
        ];
        DebianPackage[] packages =
            [.. facts.Appliance.Payloads.SelectMany(payload => payload.Inputs.Packages).DistinctBy(PackageUrl.Of)];
        Component[] sources =
            [.. packages.SelectMany(package => package.Sources).Distinct().Select(source => Source(source.Name, source.Version))];
        Component appliance = new("appliance", ComponentKind.Appliance, facts.Manifest.Product)
        {
            Version = facts.Manifest.Version,
            Supplier = facts.Manifest.Vendor,
            MadeOf = [.. files.Select(file => file.Id)],
        };
        return new BillOfMaterials(appliance, [.. files, ember, .. packages.Select(Package), .. sources]);
    }

    /// <summary>An identifier that follows from the appliance's name, version and files, and from the kind of document.</summary>
    internal Guid Identify(string document)
    {
        string text = string.Join('\n', ((string?[])[document, Appliance.Supplier, Appliance.Name, Appliance.Version])
            .Concat(Components.Select(component => $"{component.Id} {component.Version} {component.Sha256}")));
        return HashedGuid.Of(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static Component KeyFile(string name, ReadOnlySpan<byte> content, params string[] madeOf) =>
        KeyFile(name, ContentDigest.Of(content), madeOf);

    private static Component KeyFile(string name, ContentDigest digest, string[] madeOf) =>
        new($"file:{name}", ComponentKind.KeyFile, name) { Sha256 = digest.Sha256, MadeOf = madeOf };

    private static Component Package(DebianPackage package) => new(PackageUrl.Of(package), ComponentKind.Package, package.Name)
    {
        Version = package.Version,
        Supplier = Debian,
        PackageUrl = PackageUrl.Of(package),
        Sha256 = package.Sha256,
        MadeOf = [.. package.Sources.Distinct().Select(source => PackageUrl.OfSource(source.Name, source.Version))],
    };

    private static Component Source(string name, string version) =>
        new(PackageUrl.OfSource(name, version), ComponentKind.Source, name)
        {
            Version = version,
            Supplier = Debian,
            PackageUrl = PackageUrl.OfSource(name, version),
        };
}
