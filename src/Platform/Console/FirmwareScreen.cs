using Ember.Platform.Uefi;

namespace Ember.Platform.Console;

/// <summary>The linear frame buffer that the firmware's own screen uses.</summary>
public static unsafe class FirmwareScreen
{
    /// <summary>Opens it.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="frameBuffer">The frame buffer.</param>
    /// <returns>False when there is none, or none that can be drawn on.</returns>
    public static bool TryOpen(EfiBootServices* services, out FrameBuffer frameBuffer)
    {
        frameBuffer = default;
        EfiGuid protocol = EfiGuid.GraphicsOutputProtocol;
        EfiGraphicsOutput* graphics;
        if (EfiStatus.IsError(services->LocateProtocol(&protocol, null, (void**)&graphics)))
        {
            return false;
        }

        EfiGraphicsOutputInformation* information = graphics->Mode->Information;
        return FrameBuffer.TryCreate(
            (void*)graphics->Mode->FrameBufferBase, graphics->Mode->FrameBufferSize, information->HorizontalResolution,
            information->VerticalResolution, information->PixelsPerScanLine, (PixelFormat)information->PixelFormat, out frameBuffer);
    }
}
