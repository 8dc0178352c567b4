using System;
using System.Linq;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class ManifestVariantTests : IDisposable
{
    private const int LinesOfTheGoodOne = 31;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_variants_values_go_over_the_manifests_and_all_others_stay()
    {
        const string variants =
            """
            [variants.r640]
            appliance.product = "Edge Box R640"
            [variants.r640.image]
            layout = "compact-64"
            [[variants.r640.vm]]
            name = "web"
            cpus = 4
            pin = [2]
            [[variants.r640.vm]]
            name = "log"
            memory = "16MiB"
            kernel = "vmlinuz"
            [variants.x3950]
            """;

        Manifest plain = Read(variants);
        Manifest variant = Read(variants, "r640");

        Assert.Equal((null, "r640"), (plain.Variant, variant.Variant));
        Assert.Equal(["r640", "x3950"], plain.Variants);
        Assert.Equal(plain.Variants, variant.Variants);
        Assert.Equal(("Edge Box", "Edge Box R640", "1.4.0"), (plain.Product, variant.Product, variant.Version));
        Assert.Equal(KeyLayout.Compact64 with { ImageSize = 128L << 20 }, variant.Image.Layout);
        Assert.Equal(["web"], plain.Machines.Select(machine => machine.Name));
        Assert.Equal(["web", "log"], variant.Machines.Select(machine => machine.Name));
        ManifestMachine changed = variant.Machines[0];
        Assert.Equal((4u, 4ul, 256ul << 20), (changed.ProcessorCount, changed.Affinity, changed.MemoryBytes));
        Assert.Equal((1u, 0x8000_0000_0000_0001), (plain.Machines[0].ProcessorCount, plain.Machines[0].Affinity));
    }

    [Fact]
    public void A_table_between_braces_takes_the_place_of_the_whole_table()
    {
        ManifestSigning signing = Read(
            """
            [signing]
            key = "vmlinuz"
            certificate = "init"
            [variants.lab]
            signing = { pkcs12 = "vmlinuz" }
            """,
            "lab").Signing!;

        Assert.Equal(new Pkcs12KeyLocation(_folder["vmlinuz"]), signing.Bank);
    }

    [Fact]
    public void Values_that_a_variant_does_not_name_are_the_same_with_it()
    {
        Manifest plain = Read("[variants.none]\n");
        Manifest variant = Read("[variants.none]\n", "none");

        Assert.Equal(plain.Image, variant.Image);
        Assert.Equal(plain.Machines[0] with { Modules = [] }, variant.Machines[0] with { Modules = [] });
    }

    [Theory]
    [InlineData("r64", "[variants.r640]", ": no variant 'r64'; did you mean 'r640'?")]
    [InlineData("other", "[variants.a]\n[variants.b]", ": no variant 'other'; there are a, b")]
    [InlineData("r640", "", ": no variant 'r640'; it has none: write [variants.r640]")]
    [InlineData("a", "[[variants.a.vm]]\nname = \"web\"\ncpus = 99", ":3: vm 'web': cpus is 99; 1 to 16 are possible")]
    [InlineData("a", "[[variants.a.vm]]\nname = \"web\"\ncpu = 9", ":3: vm 'web': unknown key 'cpu'; did you mean 'cpus'?")]
    [InlineData("a", "[[variants.a.vm]]\nname = \"log\"", ":1: vm 'log': 'memory' is missing")]
    [InlineData("a", "[[variants.a.vm]]\ncpus = 1", ":1: [[vm]]: 'name' is missing")]
    [InlineData("a", "[[variants.a.vm]]\nname = \"web\"\n[[variants.a.vm]]\nname = \"web\"", ":3: vm 'web': the variant has it twice")]
    [InlineData("a", "[variants.a.vm]", ":1: the manifest: 'vm' is a table; write [[vm]]")]
    [InlineData("a", "[variants.a.image]\nlabel = 1", ":2: [image]: label is a number; a string is needed")]
    public void What_is_wrong_in_a_variant_is_said_with_its_own_line(string variant, string variants, string expected) =>
        AssertRefused(variant, variants, expected);

    [Theory]
    [InlineData("[variants]\na = 1", ":2: [variants]: a is a number; write [variants.a]")]
    [InlineData("[variants.a.img]", ":1: [variants.a]: unknown key 'img'; did you mean 'image'?")]
    [InlineData("[variants.a.variants.b]", ":1: [variants.a]: unknown key 'variants'")]
    [InlineData("[variants.\"../x\"]", ":1: [variants]: '../x' is no name")]
    [InlineData("[[variants]]", ":1: 'variants' is an array of tables; write [variants.NAME]")]
    public void Variants_that_make_no_sense_are_refused_whatever_is_built(string variants, string expected) =>
        AssertRefused(null, variants, expected);

    private void AssertRefused(string? variant, string variants, string expected)
    {
        EmberException e = Assert.Throws<EmberException>(() => Read(variants, variant));
        Assert.Equal(ErrorKind.Input, e.Kind);
        int colon = expected.IndexOf(':', 1);
        if (colon > 0 && int.TryParse(expected[1..colon], out int line))
        {
            expected = $":{line + LinesOfTheGoodOne - 1}{expected[colon..]}";
        }

        Assert.StartsWith(_folder["appliance.toml"] + expected, e.Message, StringComparison.Ordinal);
    }

    private Manifest Read(string variants, string? variant = null) =>
        ManifestReader.Read(ManifestText.Write(_folder, ManifestText.Good + variants), variant);
}
