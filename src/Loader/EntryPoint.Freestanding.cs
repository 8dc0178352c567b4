using System.Runtime;
using System.Runtime.CompilerServices;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Where the firmware enters the loader.</summary>
internal static unsafe class EntryPoint
{
    private static HandOver _handOver;

    [RuntimeExport("EfiMain")]
    private static nuint EfiMain(void* image, EfiSystemTable* system)
    {
        EfiBootServices* services = system->BootServices;
        services->SetWatchdogTimer(0, 0, 0, null);
        LoaderConsole.Open(services);
        LoaderConsole.WriteLine("Ember loader 0.1.0"u8);
        LoaderConsole.WriteLine("[1/4] reading the key"u8);
        HandOver* handOver = (HandOver*)Unsafe.AsPointer(ref _handOver);
        Boot(image, system, handOver);
        LoaderConsole.WriteLine("nothing could be started: write the key again, or plug in another one"u8);
        LoaderConsole.WriteLine("stopped: press a key to go on with the firmware's next boot option, or switch off"u8);
        WaitForKey(system);
        return EfiStatus.LoadError;
    }

    /// <summary>Starts a bank's core; returns only after lines that say why that cannot be.</summary>
    private static void Boot(void* image, EfiSystemTable* system, HandOver* handOver)
    {
        EfiBootServices* services = system->BootServices;
        SignatureStatus status = RsaPublicKey.TryRead(VendorKey.Section, out RsaPublicKey key);
        if (status != SignatureStatus.Good)
        {
            LineBuffer line = default;
            line.Append("loader: vendor key "u8);
            line.Append(SignatureStatusText.Of(status));
            line.Append(": it can verify nothing"u8);
            LoaderConsole.WriteLine(line.Text);
            return;
        }

        EfiGuid protocol = EfiGuid.LoadedImageProtocol;
        EfiLoadedImage* loaded;
        if (EfiStatus.IsError(services->HandleProtocol(image, &protocol, (void**)&loaded))
            || !KeyPartitions.TryFind(services, loaded->DeviceHandle, out KeyPartitions partitions))
        {
            LoaderConsole.WriteLine("loader: it was not started from a partition of an Ember key"u8);
            return;
        }

        fixed (byte* keyId = key.KeyId)
        {
            var medium = new FirmwareMedium(system, in partitions, keyId);
            BankSlot slot = new BankSelection<FirmwareMedium>(ref medium, key, handOver).Run();
            if (slot != BankSlot.None)
            {
                LoaderConsole.WriteLine(CoreStart.Run(services, image, slot == BankSlot.A ? partitions.BankA : partitions.BankB, handOver));
            }
        }
    }

    private static void WaitForKey(EfiSystemTable* system)
    {
        const int tenthOfSecond = 100_000;
        EfiInputKey key;
        while (system->ConsoleInput == null || EfiStatus.IsError(system->ConsoleInput->ReadKeyStroke(system->ConsoleInput, &key)))
        {
            system->BootServices->Stall(tenthOfSecond);
        }
    }
}
