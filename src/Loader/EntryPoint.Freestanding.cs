using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Platform.Processors;
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
        FirmwareClock.Measure(services);
        Sha256.UsesInstructions = ShaExtensions.ArePresent;
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
        if (EfiStatus.IsError(services->HandleProtocol(image, &protocol, (void**)&loaded)))
        {
            LoaderConsole.WriteLine("firmware: the loaded-image protocol is missing; the firmware is not usable"u8);
            return;
        }

        fixed (byte* keyId = key.KeyId)
        {
            void* source = loaded->DeviceHandle;
            ReadOnlySpan<byte> archive = ImageSections.Find(
                new ReadOnlySpan<byte>(loaded->ImageBase, (int)Math.Min(loaded->ImageSize, int.MaxValue)), BankArchive.SectionName);
            bool isLoaded = archive.IsEmpty
                ? TryLoadKey(system, in key, keyId, handOver, ref source)
                : TryLoadArchive(system, archive, in key, keyId, handOver);
            if (isLoaded)
            {
                LoaderConsole.WriteLine(CoreStart.Run(services, image, source, handOver));
            }
        }
    }

    /// <param name="system">The firmware's.</param>
    /// <param name="key">The vendor's.</param>
    /// <param name="keyId">Its identity.</param>
    /// <param name="handOver">What the core is told.</param>
    /// <param name="source">The partition that the loader is on; the bank that was loaded.</param>
    private static bool TryLoadKey(EfiSystemTable* system, in RsaPublicKey key, byte* keyId, HandOver* handOver, ref void* source)
    {
        if (!KeyPartitions.TryFind(system->BootServices, source, out KeyPartitions partitions))
        {
            LoaderConsole.WriteLine("loader: it was not started from a partition of an Ember key"u8);
            return false;
        }

        var medium = new FirmwareMedium(system, in partitions, keyId);
        BankSlot slot = new BankSelection<FirmwareMedium>(ref medium, key, handOver).Run();
        source = slot == BankSlot.A ? partitions.BankA : partitions.BankB;
        return slot != BankSlot.None;
    }

    private static bool TryLoadArchive(
        EfiSystemTable* system, ReadOnlySpan<byte> archive, in RsaPublicKey key, byte* keyId, HandOver* handOver)
    {
        var medium = new FirmwareMedium(system, new ArchiveFiles(archive), keyId);
        handOver->Version = HandOver.CurrentVersion;
        handOver->Slot = BankSlot.None;
        return new BankLoader<FirmwareMedium>(ref medium, BankSlot.None, handOver).TryLoad(in key);
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
