using System.IO;

namespace Ember.Sdk.Compilation;

/// <summary>The folder that building an appliance gives.</summary>
/// <param name="Folder">Its full path.</param>
public sealed record BuildFolder(string Folder)
{
    /// <summary>The name of the image of the USB key in the folder.</summary>
    public const string ImageFile = "usb-key.img";

    /// <summary>The name of the update bundle in the folder.</summary>
    public const string BundleFile = "usb-key.bundle";

    /// <summary>The update for keys of this product in the field.</summary>
    public string Bundle => Path.Combine(Folder, BundleFile);

    /// <summary>The name of the file for network boot in the folder.</summary>
    public const string NetworkFile = "network.efi";

    /// <summary>Loader and bank in one file, for a server that boots over a network.</summary>
    public string Network => Path.Combine(Folder, NetworkFile);

    /// <summary>The image of the USB key.</summary>
    public string Image => Path.Combine(Folder, ImageFile);
}
