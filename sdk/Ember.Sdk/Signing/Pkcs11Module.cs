using System;
using System.IO;
using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Ember.Sdk.Signing;

/// <summary>Loads PKCS #11 libraries.</summary>
internal static class Pkcs11Module
{
    /// <summary>
    /// Pkcs11Interop asks for <c>libdl</c>, whose file of that name comes with a compiler only; the C library always has the other name.
    /// </summary>
    private static readonly Pkcs11InteropFactories _factories = FactoriesThatFindTheLoader();

    public static IPkcs11Library Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new EmberException(ErrorKind.Host, $"{path}: no such PKCS #11 library; install the token's software or give its path");
        }

        try
        {
            return _factories.Pkcs11LibraryFactory.LoadPkcs11Library(_factories, path, AppType.MultiThreaded);
        }
        catch (UnmanagedException e)
        {
            throw new EmberException(
                ErrorKind.Host, $"{path}: cannot be loaded as a PKCS #11 library: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static Pkcs11InteropFactories FactoriesThatFindTheLoader()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(Pkcs11InteropFactories).Assembly,
            static (name, _, _) => name == "libdl" ? NativeLibrary.Load("libdl.so.2") : IntPtr.Zero);
        return new Pkcs11InteropFactories();
    }
}
