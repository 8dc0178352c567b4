using System;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Starts the core out of memory, where it was verified.</summary>
internal static unsafe class CoreStart
{
    /// <summary>Has the firmware load the core, which checks its signature where Secure Boot is on, measures the bank,
    /// and starts the core. Returns only when that fails, with what is wrong.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="loader">The loader's own image.</param>
    /// <param name="partition">The bank that the core came from.</param>
    /// <param name="handOver">What the core is told.</param>
    public static ReadOnlySpan<byte> Run(EfiBootServices* services, void* loader, void* partition, HandOver* handOver)
    {
        BankManifest.TryRead(new ReadOnlySpan<byte>(handOver->Manifest, (int)handOver->ManifestLength), out BankManifest manifest);
        int index = manifest.Find(BankFileKind.Core);
        void* path = FirmwareHandles.ProtocolOf(services, partition, EfiGuid.DevicePathProtocol);
        void* core = null;
        byte* file = (byte*)handOver->Files[index];
        nuint status = services->LoadImage(0, loader, path, file, (nuint)manifest.File(index).Length, &core);
        if (EfiStatus.IsError(status))
        {
            return status == EfiStatus.SecurityViolation || status == EfiStatus.AccessDenied
                ? "Secure Boot refuses core.efi: its signature is of none of the certificates that this firmware trusts"u8
                : "the firmware cannot load core.efi"u8;
        }

        EfiGuid own = new(HandOver.GuidLow, HandOver.GuidHigh);
        if (EfiStatus.IsError(services->InstallProtocolInterface(&core, &own, 0, handOver)))
        {
            return "the firmware does not take the hand-over to core.efi"u8;
        }

        ReadOnlySpan<byte> measured = Measurement.Run(services, in manifest, handOver);
        if (!measured.IsEmpty)
        {
            LoaderConsole.WriteLine(measured);
        }

        services->StartImage(core, null, null);
        return "core.efi has come back"u8;
    }
}
