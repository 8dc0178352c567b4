using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ember.Sdk;
using Ember.Sdk.Signing;

namespace Ember.Cli.Commands;

/// <summary><c>ember keys</c>: makes test keys, and tells what key files are.</summary>
internal static class KeysCommand
{
    private const string KeyFile = "test-key.pem";
    private const string CertificateFile = "test-certificate.pem";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host) => new("keys", "Makes test keys, and tells what key files are.")
    {
        CreateNew(host), CreateShow(host),
    };

    private static Command CreateNew(CliHost host)
    {
        Argument<string> folder = new("FOLDER") { Description = "Where the key and its certificate go; made if it is not there" };
        Command command = new("new", "Makes a test key, marked so that no release is signed with it.") { folder };
        command.SetAction(parsed =>
        {
            string path = host.FullPath(parsed.GetRequiredValue(folder));
            string keyPath = Path.Combine(path, KeyFile);
            string certificatePath = Path.Combine(path, CertificateFile);
            if (new[] { keyPath, certificatePath }.FirstOrDefault(Path.Exists) is string taken)
            {
                throw new EmberException(ErrorKind.Input, $"{taken}: is there already; choose another folder");
            }

            using RSA key = RSA.Create(TestKeyPair.KeyBits);
            TestKeyPair pair = TestKeyPair.Create(key, new DateTimeOffset(host.Clock.GetUtcNow().Date, TimeSpan.Zero));
            WriteNew(keyPath, pair.PrivateKeyPem, Private);
            WriteNew(certificatePath, pair.CertificatePem, Public);
            host.Output.WriteLine(keyPath);
            host.Output.WriteLine(certificatePath);
        });
        return command;
    }

    private static Command CreateShow(CliHost host)
    {
        Argument<string> file = new("FILE")
        {
            Description =
                "A key, a certificate or both (PEM, DER, PKCS #12), the loader's key, a bank's signature or a signed EFI application",
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new("show", "Tells what a key file is, the key's identity, and what it may be used for.") { file, json };
        command.SetAction(parsed =>
        {
            string path = host.FullPath(parsed.GetRequiredValue(file));
            KeyDescription description = KeyDescription.Read(path, () => KeySecrets.Password(host, path), host.Clock.GetUtcNow());
            host.Output.Write(parsed.GetValue(json) ? Json(description) : Text(description));
        });
        return command;
    }

    private static void WriteNew(string path, string text, UnixFileMode mode)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
            using FileStream stream = new(path, options);
            stream.Write(Encoding.ASCII.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Host, $"{path}: cannot be written: {e.Message}", e);
        }
    }

    private static string Text(KeyDescription description)
    {
        StringBuilder text = new();
        Line("is", description.Kind);
        Line("subject", description.Subject);
        Line("key id", description.KeyId);
        Line("bits", description.Bits?.ToString(CultureInfo.InvariantCulture));
        Line("valid", description.ValidFrom is null ? null : $"{Date(description.ValidFrom)} to {Date(description.ValidTo)}");
        Line("test key", description.IsTestKey switch { null => null, true => "yes; not for release", false => "no" });
        foreach (KeyUse use in description.Uses)
        {
            Line(
                use.Purpose == SigningPurpose.Bank ? "banks" : "loader, core",
                use.Problems.Count == 0 ? "yes" : "no: " + string.Join("; ", use.Problems));
        }

        return text.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name,-14}{value}\n");
            }
        }
    }

    private static string Json(KeyDescription description) => new JsonObject
    {
        ["kind"] = description.Kind,
        ["subject"] = description.Subject,
        ["keyId"] = description.KeyId,
        ["bits"] = description.Bits,
        ["validFrom"] = Date(description.ValidFrom),
        ["validTo"] = Date(description.ValidTo),
        ["testKey"] = description.IsTestKey,
        ["uses"] = new JsonObject(description.Uses.Select(use => new KeyValuePair<string, JsonNode?>(
            JsonNamingPolicy.CamelCase.ConvertName(use.Purpose.ToString()),
            new JsonArray([.. use.Problems.Select(problem => (JsonNode)problem)])))),
    }.ToJsonString(JsonOutput.Indented) + "\n";

    private static string? Date(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
