using System;
using Ember.Core.Console;
using Ember.Formats.Banks;
using Ember.Formats.Fields;
using Ember.Formats.Plans;
using Ember.Platform.Console;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>Everything done while the firmware still runs: take what the loader has loaded, leave.</summary>
internal static unsafe class FirmwarePhase
{
    private const int MemoryMapPages = 16;
    private const int ExitAttempts = 4;
    private const int MostProcessorsAsked = 4096;

    /// <summary>Runs the phase; false after a line that says what went wrong.</summary>
    public static bool TryRun(void* imageHandle, EfiSystemTable* system, BootInformation* boot)
    {
        EfiBootServices* services = system->BootServices;
        services->SetWatchdogTimer(0, 0, 0, null);
        boot->RuntimeServices = system->RuntimeServices;
        boot->AcpiRoot = FindAcpiRoot(system);
        ReadWallClock(system->RuntimeServices, boot);
        FindProcessors(services, boot);

        EfiGuid protocol = EfiGuid.LoadedImageProtocol;
        EfiLoadedImage* image;
        if (EfiStatus.IsError(services->HandleProtocol(imageHandle, &protocol, (void**)&image)))
        {
            return Fail("firmware: the loaded-image protocol is missing; the firmware is not usable"u8);
        }

        boot->ImageBase = image->ImageBase;
        boot->ImageSize = image->ImageSize;
        protocol = new EfiGuid(HandOver.GuidLow, HandOver.GuidHigh);
        HandOver* handOver;
        if (EfiStatus.IsError(services->HandleProtocol(imageHandle, &protocol, (void**)&handOver)))
        {
            return Fail("loader: this core was started without it: start \\EFI\\BOOT\\BOOTX64.EFI of the key"u8);
        }

        return TryTakeFiles(handOver, boot)
            && TryLeave(imageHandle, services, boot);
    }

    /// <summary>Opens the screen, if the firmware has one.</summary>
    public static void OpenScreen(EfiBootServices* services, BootInformation* boot)
    {
        if (FirmwareScreen.TryOpen(services, out FrameBuffer frameBuffer))
        {
            boot->FrameBufferBase = frameBuffer.Address;
            boot->FrameBufferSize = frameBuffer.Length;
            SystemConsole.OpenScreen(frameBuffer);
        }
    }

    /// <summary>Takes what the loader has loaded and verified.</summary>
    private static bool TryTakeFiles(HandOver* handOver, BootInformation* boot)
    {
        ReadOnlySpan<byte> bytes = new(handOver->Manifest, (int)handOver->ManifestLength);
        if (handOver->Version != HandOver.CurrentVersion
            || BankManifest.TryRead(bytes, out BankManifest manifest) != BankManifestStatus.Good)
        {
            return Fail("loader: it is of another version than this core: write the key again"u8);
        }

        boot->Attempt = handOver->Attempt;
        boot->FileBytes = PageTables.WholePages(handOver->ManifestLength);
        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            if (file.Kind == BankFileKind.Plan)
            {
                boot->Plan = (byte*)handOver->Files[i];
                boot->PlanLength = file.Length;
            }
        }

        return TryReadPlan(boot) && TryFindPayloads(handOver, in manifest, boot);
    }

    private static bool TryReadPlan(BootInformation* boot)
    {
        boot->FileBytes += PageTables.WholePages(boot->PlanLength);
        PlanStatus status = Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        if (status != PlanStatus.Good)
        {
            LineBuffer line = default;
            line.Append("appliance.plan: "u8);
            line.Append(PlanStatusText.Of(status));
            line.Append("; write the key again"u8);
            return Fail(line.Text);
        }

        ReadOnlySpan<byte> banner = Plan.BannerOf(in plan.Header);
        SystemConsole.SetHeader(Plan.ProductOf(in plan.Header), Plan.ProductVersionOf(in plan.Header), banner);
        if (!banner.IsEmpty)
        {
            SystemConsole.WriteLine(banner);
        }

        return true;
    }

    private static bool TryFindPayloads(HandOver* handOver, in BankManifest manifest, BootInformation* boot)
    {
        Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        int count = (int)plan.Header.PayloadCount;
        for (int i = 0; i < count; i++)
        {
            ref readonly PlanPayload payload = ref plan.Payload(i);
            int index = manifest.Find(Plan.NameOf(in payload));
            if (index < 0 || handOver->Files[index] == 0 || manifest.File(index).Length != payload.Length
                || !FieldText.AreEqual(manifest.File(index).Sha256, payload.Sha256))
            {
                LineBuffer line = default;
                line.Append(Plan.NameOf(in payload));
                line.Append(": not in the manifest as the plan has it; write the key again"u8);
                return Fail(line.Text);
            }

            boot->Payloads[i] = handOver->Files[index];
            boot->PayloadBytes += PageTables.WholePages(payload.Length);
        }

        return true;
    }

    /// <summary>The map's key is only good until the firmware allocates again, so a refused exit is tried with a fresh one.</summary>
    private static bool TryLeave(void* imageHandle, EfiBootServices* services, BootInformation* boot)
    {
        ulong address;
        if (EfiStatus.IsError(services->AllocatePages(EfiAllocateType.AnyPages, EfiMemoryType.LoaderData, MemoryMapPages, &address)))
        {
            return Fail("firmware: no memory for the memory map"u8);
        }

        SystemConsole.WriteLine("[2/4] leaving the firmware"u8);
        boot->MemoryMap = (byte*)address;
        boot->FileBytes += MemoryMapPages * PageTables.PageSize;
        for (int attempt = 0; attempt < ExitAttempts; attempt++)
        {
            nuint size = MemoryMapPages * (nuint)PageTables.PageSize;
            nuint key;
            nuint descriptorSize;
            uint version;
            if (EfiStatus.IsError(services->GetMemoryMap(&size, (void*)address, &key, &descriptorSize, &version)))
            {
                return Fail("firmware: GetMemoryMap failed"u8);
            }

            if (descriptorSize < (nuint)sizeof(EfiMemoryDescriptor))
            {
                return Fail("firmware: its memory map has descriptors of less than 40 bytes; the firmware is not usable"u8);
            }

            boot->MemoryMapSize = size;
            boot->MemoryDescriptorSize = descriptorSize;
            if (!EfiStatus.IsError(services->ExitBootServices(imageHandle, key)))
            {
                return true;
            }
        }

        return Fail("firmware: ExitBootServices failed"u8);
    }

    private static byte* FindAcpiRoot(EfiSystemTable* system)
    {
        byte* root = null;
        for (nuint i = 0; i < system->NumberOfTableEntries; i++)
        {
            EfiConfigurationTable* table = &system->ConfigurationTable[i];
            if (table->VendorGuid.Is(EfiGuid.Acpi20Table))
            {
                return (byte*)table->VendorTable;
            }

            if (table->VendorGuid.Is(EfiGuid.Acpi10Table))
            {
                root = (byte*)table->VendorTable;
            }
        }

        return root;
    }

    /// <summary>
    /// Asks the firmware for the processors, because not every one has ACPI tables, and for what starting them takes. Neither is worth a
    /// word if it is missing: the ACPI tables may make up for the list, and there may be no other processor.
    /// </summary>
    private static void FindProcessors(EfiBootServices* services, BootInformation* boot)
    {
        EfiGuid protocol = EfiGuid.MpServicesProtocol;
        EfiMpServices* processors;
        nuint count;
        nuint enabled;
        if (!EfiStatus.IsError(services->LocateProtocol(&protocol, null, (void**)&processors))
            && !EfiStatus.IsError(processors->GetNumberOfProcessors(processors, &count, &enabled)))
        {
            for (nuint i = 0; i < count && i < MostProcessorsAsked; i++)
            {
                EfiProcessorInformation processor;
                if (!EfiStatus.IsError(processors->GetProcessorInfo(processors, i, &processor)) && processor.IsUsable)
                {
                    boot->Processors.Add((uint)processor.ProcessorId);
                }
            }
        }

        ulong pages = ProcessorStart.HighestPage;
        if (!EfiStatus.IsError(services->AllocatePages(
            EfiAllocateType.MaxAddress, EfiMemoryType.LoaderData, ProcessorStart.Pages, &pages)))
        {
            boot->StartPages = pages;
        }
    }

    private static void ReadWallClock(EfiRuntimeServices* services, BootInformation* boot)
    {
        EfiTime time = default;
        if (!EfiStatus.IsError(services->GetTime(&time, null)))
        {
            boot->WallClockSeconds = time.ToUnixSeconds();
        }

        boot->WallClockTicks = Cpu.ReadTimeStampCounter();
    }

    private static bool Fail(ReadOnlySpan<byte> line)
    {
        SystemConsole.WriteLine(line);
        return false;
    }
}
