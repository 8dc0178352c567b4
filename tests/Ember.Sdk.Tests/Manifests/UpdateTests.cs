using System;
using System.Linq;
using System.Text.Json.Nodes;
using Ember.Sdk.Banks;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class UpdateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("http://updates.example/")]
    [InlineData("https://updates.example:8443/edge/box-2/")]
    [InlineData("http://192.0.2.1/")]
    [InlineData("http://[2001:db8::1]:8080/a%20b/")]
    public void An_address_is_taken_as_it_stands(string address)
    {
        Assert.Equal(address, ManifestReader.Read(ManifestText.Write(_folder, Manifest(address))).UpdateAddress);
        Assert.Matches(SchemaPattern(), address);
    }

    [Fact]
    public void Without_the_table_there_is_none() =>
        Assert.Null(ManifestReader.Read(ManifestText.Write(_folder, ManifestText.Good)).UpdateAddress);

    [Theory]
    [InlineData("")]
    [InlineData("updates.example/")]
    [InlineData("/edge/")]
    [InlineData("ftp://updates.example/")]
    [InlineData("HTTP://updates.example/")]
    [InlineData("http:///edge/")]
    [InlineData("http://updates.example")]
    [InlineData("http://updates.example/edge")]
    [InlineData("http://user@updates.example/")]
    [InlineData("http://user:secret@updates.example/")]
    [InlineData("http://updates.example/?edge/")]
    [InlineData("http://updates.example/#edge/")]
    [InlineData("http://updates.example/a b/")]
    [InlineData("http://updates.example//")]
    [InlineData("http://updates.example/ä/")]
    [InlineData("http://updates.example:99999/")]
    [InlineData("http://[2001:db8::g]/")]
    [InlineData("http://updates.example/\\n")]
    public void Anything_else_is_refused(string address)
    {
        (string message, ErrorKind kind) = ManifestText.Refused(Manifest(address));
        Assert.Equal(
            "appliance.toml:32: [update]: address has to be \"http://host/path/\" or \"https://host/path/\", with a slash at its end, "
            + "without user, query and fragment, 200 characters at most",
            message);
        Assert.Equal(ErrorKind.Input, kind);
    }

    [Fact]
    public void The_longest_has_200_characters()
    {
        string longest = "http://updates.example/" + string.Concat(Enumerable.Repeat("a", 176)) + "/";
        Assert.Equal(200, longest.Length);
        Assert.True(UpdateAddress.IsValid(longest));
        Assert.False(UpdateAddress.IsValid(longest[..^1] + "a/"));
    }

    [Fact]
    public void The_table_has_an_address() =>
        Assert.Equal(
            "appliance.toml:31: [update]: 'address' is missing", ManifestText.Refused(ManifestText.Good + "[update]\n").Message);

    private static string SchemaPattern() =>
        JsonNode.Parse(ManifestSchema.ToJson())!["properties"]!["update"]!["properties"]!["address"]!["pattern"]!.ToString();

    private static string Manifest(string address) => $"{ManifestText.Good}[update]\naddress = \"{address}\"\n";
}
