namespace Ember.Platform.Console;

/// <summary>How a 32-bit pixel lies in memory; the values are EFI_GRAPHICS_PIXEL_FORMAT's (UEFI specification, 12.9.2).</summary>
public enum PixelFormat
{
    /// <summary>Red first: PixelRedGreenBlueReserved8BitPerColor.</summary>
    RedGreenBlue = 0,

    /// <summary>Blue first: PixelBlueGreenRedReserved8BitPerColor.</summary>
    BlueGreenRed = 1,
}
