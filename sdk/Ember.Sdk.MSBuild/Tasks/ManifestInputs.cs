using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Manifests;
using Ember.Sdk.Signing;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>The vendor's files that an appliance is made of.</summary>
internal static class ManifestInputs
{
    /// <summary>Full paths, the manifest's own left out.</summary>
    public static IEnumerable<string> Of(Manifest manifest) => Files(manifest).OfType<string>().Distinct();

    private static IEnumerable<string?> Files(Manifest manifest) =>
    [
        .. manifest.Machines.SelectMany(machine => machine.Modules.Select(module => module.Source).Prepend(machine.Kernel)).Select(FileOf),
        .. FilesOf(manifest.Signing?.Bank),
        .. FilesOf(manifest.Signing?.SecureBoot),
        manifest.Logo,
        manifest.Budget.Baseline,
        .. manifest.BoardSources is { } board ? SourcesIn(board) : [],
    ];

    private static IEnumerable<string> SourcesIn(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string? FileOf(PayloadSource source) => source switch
    {
        FileSource file => file.File,
        BusyboxSource busybox => busybox.Script,
        _ => null,
    };

    private static IEnumerable<string?> FilesOf(KeyLocation? location) => location switch
    {
        PemKeyLocation pem => [pem.KeyPath, pem.CertificatePath],
        Pkcs12KeyLocation file => [file.Path],
        Pkcs11Location token => [token.CertificatePath],
        CertificateLocation certificate => [certificate.CertificatePath],
        _ => [],
    };
}
