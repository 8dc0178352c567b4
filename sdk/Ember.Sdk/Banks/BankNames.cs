using System.Text;
using Ember.Formats;

namespace Ember.Sdk.Banks;

/// <summary>The names of <see cref="FlashLayout"/> as text.</summary>
public static class BankNames
{
    /// <summary>The bank's manifest.</summary>
    public static string Manifest { get; } = Encoding.ASCII.GetString(FlashLayout.ManifestFile);

    /// <summary>The signature of the manifest.</summary>
    public static string Signature { get; } = Encoding.ASCII.GetString(FlashLayout.SignatureFile);

    /// <summary>The hypervisor.</summary>
    public static string Core { get; } = Encoding.ASCII.GetString(FlashLayout.CoreFile);

    /// <summary>The compiled plan.</summary>
    public static string Plan { get; } = Encoding.ASCII.GetString(FlashLayout.PlanFile);

    /// <summary>The vendor's picture.</summary>
    public static string Logo { get; } = Encoding.ASCII.GetString(FlashLayout.LogoFile);

    /// <summary>Where the loader asks for updates.</summary>
    public static string UpdateAddress { get; } = Encoding.ASCII.GetString(FlashLayout.UpdateAddressFile);

    /// <summary>The head of an update on a server.</summary>
    public static string ServedHead { get; } = Encoding.ASCII.GetString(FlashLayout.ServedHeadFile);

    /// <summary>An update on a server.</summary>
    public static string ServedBundle { get; } = Encoding.ASCII.GetString(FlashLayout.ServedBundleFile);
}
