using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the [signing] table of a manifest.</summary>
internal static class SigningReader
{
    /// <summary>Every key that the table of one key may have.</summary>
    public static readonly IReadOnlyList<string> KeysOfLocation = ["key", "certificate", "pkcs12", "pkcs11"];

    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys = [.. KeysOfLocation, "secure_boot"];

    /// <summary>Reads the table.</summary>
    /// <param name="file">The manifest's path as it was given; paths are relative to its folder.</param>
    /// <param name="table">The table, or null when there is none.</param>
    /// <returns>The keys; null for the common test key.</returns>
    /// <exception cref="EmberException">Something in it is wrong, or a file is not there (exit code 2).</exception>
    public static ManifestSigning? Read(string file, ManifestTable? table)
    {
        if (table is null)
        {
            return null;
        }

        KeyLocation? secureBoot = null;
        if (table.Find("secure_boot") is { } node)
        {
            const string name = "[signing.secure_boot]";
            TomlMap map = node as TomlMap
                ?? throw table.Error("secure_boot", node, $"is {node.Kind}; write {name} and the key under it");
            ManifestTable inner = new(file, name, map, KeysOfLocation);
            inner.RefuseUnknownKeys();
            secureBoot = ReadLocation(file, name, inner);
        }

        return new ManifestSigning(ReadLocation(file, "[signing]", table), secureBoot);
    }

    private static KeyLocation ReadLocation(string file, string name, ManifestTable table)
    {
        string[] named = [.. KeysOfLocation.Where(key => key != "certificate" && table.Find(key) is not null)];
        if (named.Length == 0 && table.FindText("certificate") is { } alone)
        {
            return new CertificateLocation(table.Locate("certificate", alone));
        }

        if (named is not [string kind])
        {
            throw table.Position.Error($"{name}: names {named.Length} keys; give one of key, pkcs12 and pkcs11");
        }

        if (kind != "key" && table.Find("certificate") is { } certificate)
        {
            throw table.Error("certificate", certificate, $"belongs to key; {kind} has its own");
        }

        return kind switch
        {
            // Whoever has the signatures made elsewhere needs no key.
            "key" => new PemKeyLocation(
                table.Resolve(table.RequireText("key")), table.Locate("certificate", table.RequireText("certificate"))),
            "pkcs12" => new Pkcs12KeyLocation(table.Locate("pkcs12", table.RequireText("pkcs12"))),
            _ => ReadToken(file, name, table),
        };
    }

    private static Pkcs11Location ReadToken(string file, string name, ManifestTable signing)
    {
        TomlNode node = signing.Require("pkcs11");
        TomlMap map = node as TomlMap
            ?? throw signing.Error("pkcs11", node, $"is {node.Kind}; write {{ module = \"path\", token = \"label\", key = \"label\" }}");
        ManifestTable table = new(file, $"{name} pkcs11", map, "module", "token", "key", "certificate");
        table.RefuseUnknownKeys();
        return new Pkcs11Location(
            table.Locate("module", table.RequireText("module")), table.RequireText("token").Value, table.RequireText("key").Value)
        {
            CertificatePath = table.FindText("certificate") is { } path ? table.Locate("certificate", path) : null,
        };
    }
}
