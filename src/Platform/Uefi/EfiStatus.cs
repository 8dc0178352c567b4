namespace Ember.Platform.Uefi;

/// <summary>EFI_STATUS values used here (UEFI 2.10, appendix D).</summary>
public static class EfiStatus
{
    public const nuint Success = 0;

    public static bool IsError(nuint status) => (nint)status < 0;
}
