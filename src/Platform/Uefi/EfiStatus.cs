namespace Ember.Platform.Uefi;

/// <summary>EFI_STATUS values used here (UEFI 2.10, appendix D).</summary>
public static class EfiStatus
{
    public const nuint Success = 0;

    public static nuint LoadError => Error(1);

    public static nuint VolumeFull => Error(11);

    public static nuint AccessDenied => Error(15);

    public static nuint SecurityViolation => Error(26);

    public static bool IsError(nuint status) => (nint)status < 0;

    private static nuint Error(uint code) => code | ((nuint)1 << 63);
}
