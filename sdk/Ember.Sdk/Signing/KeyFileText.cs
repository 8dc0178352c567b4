using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Ember.Sdk.Signing;

/// <summary>Files of keys and certificates, and what lies in them in PEM (RFC 7468).</summary>
internal static class KeyFileText
{
    private const int LargestFile = 1 << 20;

    public static byte[] ReadBytes(string path)
    {
        try
        {
            FileInfo file = new(path);
            return !file.Exists ? throw new EmberException(ErrorKind.Input, $"{path}: not found")
                : file.Length > LargestFile ? throw new EmberException(ErrorKind.Input, $"{path}: too large for a key: more than 1 MiB")
                : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The first bytes, enough to tell what it is.</summary>
    public static byte[] ReadStart(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] start = new byte[8];
            return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw File.Exists(path)
                ? new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e)
                : new EmberException(ErrorKind.Input, $"{path}: not found", e);
        }
    }

    /// <summary>Whether a DER file is a certificate.</summary>
    public static bool IsCertificate(string path)
    {
        try
        {
            X509CertificateLoader.LoadCertificate(ReadBytes(path)).Dispose();
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static string Read(string path) => Encoding.Latin1.GetString(ReadBytes(path));

    /// <summary>The certificates of a PEM file, or the one of a DER file, in the file's order.</summary>
    public static IReadOnlyList<X509Certificate2> ReadCertificates(string path)
    {
        byte[] bytes = ReadBytes(path);
        try
        {
            // A SEQUENCE longer than 127 bytes; no text has such a second byte.
            if (bytes is [0x30, >= 0x80, ..])
            {
                return [X509CertificateLoader.LoadCertificate(bytes)];
            }

            X509Certificate2Collection certificates = [];
            certificates.ImportFromPem(Encoding.Latin1.GetString(bytes));
            return [.. certificates];
        }
        catch (CryptographicException e)
        {
            throw Damaged(path, "certificate", e);
        }
    }

    /// <summary>The first block of a PEM file whose label ends in <paramref name="labelEnd"/>, or null.</summary>
    public static (string Label, byte[] Content)? Find(string text, string labelEnd)
    {
        ReadOnlySpan<char> rest = text;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            string label = rest[fields.Label].ToString();
            if (label.EndsWith(labelEnd, StringComparison.Ordinal))
            {
                return (label, Convert.FromBase64String(rest[fields.Base64Data].ToString()));
            }

            rest = rest[fields.Location.End..];
        }

        return null;
    }

    public static EmberException Damaged(string path, string what, Exception cause) =>
        new(ErrorKind.Input, $"{path}: the {what} is damaged: {cause.Message.ReplaceLineEndings(" ")}", cause);
}
