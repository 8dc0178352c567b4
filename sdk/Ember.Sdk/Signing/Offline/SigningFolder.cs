using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Output;

namespace Ember.Sdk.Signing.Offline;

/// <summary>The folder in a build's output that says what has to be signed: a list, and a file of bytes to sign for each request.
/// Signatures of earlier rounds are kept in it.</summary>
/// <param name="Folder">Its full path.</param>
/// <param name="List">The list.</param>
public sealed record SigningFolder(string Folder, SigningList List)
{
    /// <summary>The folder's name in the output folder.</summary>
    public const string FolderName = "to-sign";

    /// <summary>The list's name in the folder.</summary>
    public const string ListFile = "requests.json";

    /// <summary>Reads the folder of a build that waits for signatures.</summary>
    /// <param name="destination">The build's output folder.</param>
    /// <exception cref="EmberException">No build waits there, or the list is damaged (exit code 2).</exception>
    public static SigningFolder Read(string destination)
    {
        string folder = Path.Combine(destination, FolderName);
        string path = Path.Combine(folder, ListFile);
        return File.Exists(path)
            ? new SigningFolder(folder, SigningList.Parse(path, KeyFileText.ReadBytes(path)))
            : throw new EmberException(
                ErrorKind.Input, $"{path}: not there: nothing waits for a signature; run 'ember build --unsigned' first");
    }

    /// <summary>Reads the signatures and holds each against its request.</summary>
    /// <param name="attached">The folder with those of this round; those of earlier rounds are here.</param>
    /// <param name="certificateFor">The certificate of the key for a request.</param>
    /// <returns>The signatures by the name of what they sign.</returns>
    /// <exception cref="EmberException">One is missing, or is not the key's of its request (exit code 2).</exception>
    internal Dictionary<string, byte[]> ReadSignatures(string attached, Func<string, SigningCertificate> certificateFor)
    {
        Dictionary<string, byte[]> signatures = [];
        foreach (ListedRequest request in List.Requests)
        {
            SigningCertificate certificate = certificateFor(request.Name);
            if (ListedKey.Of(certificate) is var key && key != request.Key)
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{certificate.Name}: is not the certificate that {request.RequestFile} was written for, of '{request.Key.Subject}', "
                    + $"key {request.Key.KeyId}; run 'ember build --unsigned' again");
            }

            string path = Path.Combine(request.Round == List.Round ? attached : Folder, request.SignatureFile);
            signatures.Add(request.Name, ReadSignature(path, request, certificate));
        }

        return signatures;
    }

    /// <summary>Writes the folder, and nothing else, as a build's output: no image is there that is not signed.</summary>
    internal static SigningFolder Write(
        string destination, SigningList list, IEnumerable<SigningRequest> requests, IReadOnlyDictionary<string, byte[]> signatures)
    {
        using StagedFolder staged = StagedFolder.Create(destination);
        string folder = Path.Combine(staged.Path, FolderName);
        foreach (SigningRequest request in requests)
        {
            ListedRequest listed = list.Requests.Single(each => each.Name == request.Name);
            AtomicFile.WriteAllBytes(Path.Combine(folder, listed.RequestFile), request.Content);
            if (signatures.TryGetValue(request.Name, out byte[]? signature))
            {
                AtomicFile.WriteAllBytes(Path.Combine(folder, listed.SignatureFile), signature);
            }
        }

        AtomicFile.WriteAllBytes(Path.Combine(folder, ListFile), list.ToJson());
        staged.Commit();
        return new SigningFolder(Path.Combine(Path.GetFullPath(destination), FolderName), list);
    }

    private byte[] ReadSignature(string path, ListedRequest request, SigningCertificate certificate)
    {
        if (!File.Exists(path))
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{path}: not there; sign {Path.Combine(Folder, request.RequestFile)} with the key of '{request.Key.Subject}'");
        }

        byte[] signature = KeyFileText.ReadBytes(path);
        if (signature.Length != certificate.Modulus.Length)
        {
            throw new EmberException(
                ErrorKind.Input,
                $"{path}: has {signature.Length} bytes, and a signature by this key has {certificate.Modulus.Length}: "
                + "cut off, by another key, or not the signature alone; sign again");
        }

        if (certificate.IsSignature(request.Digest, signature))
        {
            return signature;
        }

        ListedRequest? other = List.Requests.FirstOrDefault(each => certificate.IsSignature(each.Digest, signature));
        string why = other is null
            ? $"not a signature of {request.RequestFile} by the key of '{request.Key.Subject}'; "
                + "sign that file with that key (RSA, PKCS #1 v1.5, SHA-256)"
            : $"the signature of {other.RequestFile}, not of {request.RequestFile}; see that the files are not mixed up";
        throw new EmberException(ErrorKind.Input, $"{path}: is {why}");
    }
}
