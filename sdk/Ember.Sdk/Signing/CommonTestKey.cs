using System.IO;

namespace Ember.Sdk.Signing;

/// <summary>
/// The key that signs when an appliance names none: everybody has it, so what it signs is for trying out. Loader and bank say so.
/// </summary>
public static class CommonTestKey
{
    /// <summary>The private key, PEM.</summary>
    public static string KeyPath => Path.Combine(Folder, "test.key");

    /// <summary>The certificate, PEM: for a firmware that is to trust it.</summary>
    public static string CertificatePath => Path.Combine(Folder, "test.crt");

    // Beside this assembly, which need not be where the program is: MSBuild loads it too.
    private static string Folder => Path.Combine(Path.GetDirectoryName(typeof(CommonTestKey).Assembly.Location)!, "TestKey");

    /// <summary>Opens the key.</summary>
    public static ISigningKey Open() => RsaSigningKey.OpenPem(KeyPath, CertificatePath);
}
