using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Compilation;

public sealed class CoreCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_core_that_passes_is_told_with_its_limit()
    {
        ManifestBudget budget = new() { Core = new BudgetLimit(262_144, new ManifestPosition("images/key/appliance.toml", 7)) };
        string length = new FileInfo(ReferenceBuild.Core).Length.ToString("N0", CultureInfo.InvariantCulture);
        Assert.Equal($"{length} of 262,144 bytes, 8 rules proven", CoreCheck.Run(new CoreFiles(ReferenceBuild.Folder.Folder), budget));
    }

    [Fact]
    public void A_core_over_its_budget_fails_the_build_with_what_takes_most()
    {
        ManifestBudget budget = new() { Core = new BudgetLimit(65_536, new ManifestPosition("images/key/appliance.toml", 7)) };
        EmberException e = Assert.Throws<EmberException>(() => CoreCheck.Run(new CoreFiles(ReferenceBuild.Folder.Folder), budget));
        Assert.Equal(ErrorKind.Checked, e.Kind);
        Assert.StartsWith("images/key/appliance.toml:7: budget: core is ", e.Message);
        Assert.Contains("; the ten largest: EmberSymbolTable ", e.Message);
    }

    [Fact]
    public void A_privileged_instruction_outside_its_stub_fails_the_build()
    {
        Symbol method = ReferenceBuild.Target.Symbols.All.First(symbol => symbol.Kind == SymbolKind.Method && symbol.Length > 64);
        string core = ReferenceBuild.CopyTo(_folder.Path);
        byte[] bytes = ReferenceBuild.ReadCore();
        PeSection text = ReferenceBuild.Target.Core.SectionAt(method.Rva)!;
        "\x0F\x32"u8.CopyTo(bytes.AsSpan((int)(text.FileOffset + (method.Rva - text.Rva))));
        File.WriteAllBytes(core, bytes);
        SymbolFiles files = new(_folder[SymbolFiles.FolderName]);
        string former = Convert.ToHexString(SHA256.HashData(ReferenceBuild.ReadCore()));
        File.WriteAllText(
            files.Digests, File.ReadAllText(files.Digests).Replace(former, Convert.ToHexString(SHA256.HashData(bytes)), StringComparison.Ordinal));

        EmberException e = Assert.Throws<EmberException>(() => CoreCheck.Run(new CoreFiles(_folder.Path), new ManifestBudget()));
        Assert.Equal(ErrorKind.Checked, e.Kind);
        Assert.StartsWith($"{core}: the audit found what must not be; sdk/docs/assurance.md tells the rules:\n", e.Message);
        Assert.Contains($"at {method.Rva:X} in {method.Source.FullName}: 'rdmsr' is not allowed here", e.Message);
    }
}
