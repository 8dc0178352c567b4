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
}
