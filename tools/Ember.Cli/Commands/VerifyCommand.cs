using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk;
using Ember.Sdk.Verification;

namespace Ember.Cli.Commands;

/// <summary><c>ember verify</c>: finds everything in an image that is not as it must be.</summary>
internal static class VerifyCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        Argument<string> image = Image();
        Option<string?> certificate = new("--certificate")
        {
            Description = "The certificate that the firmware trusts (PEM or DER): loader and core must be signed under it",
            HelpName = "FILE",
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new("verify", "Finds everything in an image, or on a device, that is not as it must be.") { image, certificate,
            json };
        command.SetAction(async (parsed, cancellation) =>
        {
            using X509Certificate2? trusted = parsed.GetValue(certificate) is { } path ? ReadCertificate(host.FullPath(path)) : null;
            VerificationReport report = await VerifyAsync(host, parsed.GetRequiredValue(image), trusted, cancellation);
            host.Output.Write(parsed.GetValue(json) ? Json(report) : Text(report));
            return report.Errors == 0 ? 0 : (int)ErrorKind.Checked;
        });
        return command;
    }

    /// <summary>The image that is looked at.</summary>
    public static Argument<string> Image() => new("IMAGE") { Description = "The image's file, or the device it was written to" };

    /// <summary>Verifies an image while showing what goes on.</summary>
    public static async Task<VerificationReport> VerifyAsync(
        CliHost host, string image, X509Certificate2? certificate, CancellationToken cancellation)
    {
        VerificationReport? report = null;
        await new Steps(host).RunAsync($"reading {image}", progress =>
        {
            ImageVerifier verifier = new() { Certificate = certificate, Progress = progress };
            report = verifier.Verify(host.FullPath(image), cancellation);
            return Task.CompletedTask;
        });
        return report!;
    }

    private static X509Certificate2 ReadCertificate(string path)
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return bytes is [0x30, ..] ? X509CertificateLoader.LoadCertificate(bytes)
                : X509Certificate2.CreateFromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: not a certificate that can be read: {e.Message.ReplaceLineEndings(" ")}",
                e);
        }
    }

    private static string Text(VerificationReport report)
    {
        int width = report.Findings.Select(finding => finding.Rule.Id.Length).DefaultIfEmpty().Max();
        return string.Concat(report.Findings.Select(finding => string.Create(
            CultureInfo.InvariantCulture,
            $"{finding.Rule.Id.PadRight(width)}  {Name(finding),-7}  {finding.Place}{Offset(finding.Place)}\n"
            + $"  must be: {finding.Rule.Holds}\n  found:   {finding.What}\n  mend it: {finding.Rule.Remedy}\n")))
            + string.Create(CultureInfo.InvariantCulture, $"{report.Errors} errors, {report.Warnings} warnings\n");
    }

    private static string Offset(Place place) => place.Offset is { } offset
        ? string.Create(CultureInfo.InvariantCulture, $", byte {offset} (sector {place.Lba})")
        : "";

    private static string Name(Finding finding) => finding.Severity == FindingSeverity.Error ? "error" : "warning";

    private static string Json(VerificationReport report) => new JsonObject
    {
        ["errors"] = report.Errors,
        ["warnings"] = report.Warnings,
        ["findings"] = new JsonArray([.. report.Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["id"] = finding.Rule.Id,
            ["severity"] = Name(finding),
            ["part"] = finding.Place.Part,
            ["path"] = finding.Place.Path,
            ["offset"] = finding.Place.Offset,
            ["lba"] = finding.Place.Lba,
            ["holds"] = finding.Rule.Holds,
            ["found"] = finding.What,
            ["remedy"] = finding.Rule.Remedy,
        })]),
    }.ToJsonString(JsonOutput.Indented) + "\n";
}
