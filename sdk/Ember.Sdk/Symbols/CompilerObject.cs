namespace Ember.Sdk.Symbols;

/// <summary>Something that ilc made.</summary>
/// <param name="Kind">What ilc calls its kind, <c>MethodCode</c> for example.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Hash">SHA-256 of its bytes before the linker filled in addresses, hexadecimal.</param>
public sealed record CompilerObject(string Kind, uint Length, string Hash);
