namespace Ember.Sdk.Banks;

/// <summary>What a bank's manifest says besides its files.</summary>
/// <param name="Vendor">1 to 63 characters of printable ASCII.</param>
/// <param name="Product">1 to 31 characters of printable ASCII.</param>
/// <param name="Version">1 to 15 characters of printable ASCII.</param>
/// <param name="SecurityVersion">A machine that has started a bank of a higher one, seen to work, refuses this one.</param>
/// <param name="IsTestKey">Whether it is signed with a test key.</param>
public sealed record BankDescription(string Vendor, string Product, string Version, uint SecurityVersion, bool IsTestKey);
