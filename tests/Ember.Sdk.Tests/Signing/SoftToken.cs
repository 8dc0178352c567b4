using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Ember.Sdk.Tests.Signing;

/// <summary>A token of SoftHSM in a folder of the test's own. There is one for the process: SoftHSM finds it by the environment.</summary>
internal sealed partial class SoftToken : IDisposable
{
    public const string Module = "/usr/lib/softhsm/libsofthsm2.so";
    public const string Label = "ember-test";
    public const string Pin = "135790";

    private const string Configuration = "SOFTHSM2_CONF";

    private readonly TemporaryFolder _folder = new();

    public SoftToken()
    {
        string tokens = Directory.CreateDirectory(_folder["tokens"]).FullName;
        File.WriteAllText(_folder["softhsm2.conf"], $"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");

        // For the programs started from here, and for the library in this process, which asks the C library.
        Environment.SetEnvironmentVariable(Configuration, _folder["softhsm2.conf"]);
        Assert.Equal(0, SetVariable(Configuration, _folder["softhsm2.conf"], 1));
        Run("--init-token", "--free", "--label", Label, "--so-pin", "97531", "--pin", Pin);
    }

    /// <summary>Puts a private key into the token.</summary>
    public void ImportKey(string pem, string label, string id)
    {
        File.WriteAllText(_folder["key.pem"], pem);
        Run("--import", _folder["key.pem"], "--token", Label, "--label", label, "--id", id, "--pin", Pin);
    }

    /// <summary>Puts a certificate into the token.</summary>
    public static void ImportCertificate(X509Certificate2 certificate)
    {
        using IPkcs11Library library = Pkcs11Module.Load(Module);
        ISlot slot = library.GetSlotList(SlotsType.WithTokenPresent).Find(each => each.GetTokenInfo().Label.TrimEnd() == Label)!;
        using ISession session = slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_USER, Pin);
        List<IObjectAttribute> attributes =
        [
            session.Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_CERTIFICATE),
            session.Factories.ObjectAttributeFactory.Create(CKA.CKA_CERTIFICATE_TYPE, CKC.CKC_X_509),
            session.Factories.ObjectAttributeFactory.Create(CKA.CKA_TOKEN, true),
            session.Factories.ObjectAttributeFactory.Create(CKA.CKA_SUBJECT, certificate.SubjectName.RawData),
            session.Factories.ObjectAttributeFactory.Create(CKA.CKA_VALUE, certificate.RawData),
        ];
        session.CreateObject(attributes);
    }

    public void Dispose() => _folder.Dispose();

    private static void Run(params string[] arguments)
    {
        (string text, int exitCode) = HostTool.Run("softhsm2", "softhsm2-util", arguments);
        Assert.True(exitCode == 0, text);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
