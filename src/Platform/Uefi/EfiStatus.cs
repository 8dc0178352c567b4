namespace Ember.Platform.Uefi;

/// <summary>EFI_STATUS values used here (UEFI 2.10, appendix D).</summary>
public static class EfiStatus
{
    public const nuint Success = 0;
    public const nuint LoadError = Error | 1;
    public const nuint AccessDenied = Error | 15;
    public const nuint SecurityViolation = Error | 26;

    private const nuint Error = unchecked((nuint)0x8000_0000_0000_0000);

    public static bool IsError(nuint status) => (nint)status < 0;
}
