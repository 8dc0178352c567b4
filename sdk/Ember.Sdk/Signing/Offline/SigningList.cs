using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Ember.Sdk.Banks;
using Ember.Sdk.Footprint.Storage;
using Ember.Sdk.Output;

namespace Ember.Sdk.Signing.Offline;

/// <summary>What has to be signed before a build can be finished, and how the build was asked for.</summary>
/// <param name="Variant">The variant that is built; null for none.</param>
/// <param name="Formats">The image's forms, separated by commas.</param>
/// <param name="SourceDateEpoch">Seconds since 1970: the time that files on the key carry.</param>
/// <param name="Requests">All requests so far, in the order they were made; those of earlier rounds are signed.</param>
public sealed record SigningList(string? Variant, string Formats, long SourceDateEpoch, IReadOnlyList<ListedRequest> Requests)
{
    private const string Schema = "ember-signing";
    private const int Format = 1;
    private const string Algorithm = "RSA PKCS #1 v1.5 SHA-256";

    private static readonly string[] _names = ["loader.efi", BankNames.Core, BankNames.Manifest, NetworkLoader.RequestName];

    /// <summary>The round whose signatures are missing: 1 to <see cref="ListedRequest.Rounds"/>.</summary>
    public int Round => Requests.Max(request => request.Round);

    /// <summary>The requests of that round.</summary>
    public IEnumerable<ListedRequest> Pending => Requests.Where(request => request.Round == Round);

    /// <summary>The list as JSON in UTF-8, ending with a line end.</summary>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, JsonLayout.Writer))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteNumber("format", Format);
            json.WriteString("variant", Variant ?? "");
            json.WriteString("formats", Formats);
            json.WriteNumber("sourceDateEpoch", SourceDateEpoch);
            json.WriteNumber("round", Round);
            json.WriteNumber("rounds", ListedRequest.Rounds);
            json.WriteStartArray("requests");
            foreach (ListedRequest request in Requests)
            {
                json.WriteStartObject();
                json.WriteString("name", request.Name);
                json.WriteNumber("round", request.Round);
                json.WriteString("request", request.RequestFile);
                json.WriteString("signature", request.SignatureFile);
                json.WriteString("algorithm", Algorithm);
                json.WriteString("sha256", request.Sha256);
                json.WriteString("subject", request.Key.Subject);
                json.WriteString("keyId", request.Key.KeyId);
                json.WriteString("certificateSha256", request.Key.CertificateSha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
        return stream.ToArray();
    }

    /// <summary>Reads a list; what follows from the names is not believed but made again.</summary>
    internal static SigningList Parse(string path, byte[] bytes)
    {
        StoredObject json = StoredObject.Parse(path, bytes);
        json.RequireFormat(Schema, Format);
        ListedRequest[] requests = [.. json.Objects("requests").Select(Request)];
        string[] names = [.. requests.Select(request => request.Name)];
        return names.Length > 1 && names.SequenceEqual(_names.Take(names.Length))
            ? new SigningList(
                json.Text("variant") is { Length: > 0 } variant ? variant : null,
                json.Text("formats"),
                json.Number("sourceDateEpoch"),
                requests)
            : throw json.Bad($"requests are not the first of {string.Join(", ", _names)}");
    }

    private static ListedRequest Request(StoredObject json) => new(
        json.Text("name"),
        json.Digest("sha256"),
        new ListedKey(json.Text("subject"), json.Digest("keyId"), json.Digest("certificateSha256")));
}
