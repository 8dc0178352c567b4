using System;
using Ember.Core.Console;
using Ember.Formats;
using Ember.Formats.Fields;
using Ember.Formats.Plans;
using Ember.Platform.Console;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>Everything done while the firmware still runs: find our own medium, load and verify what the plan names, leave.</summary>
internal static unsafe class FirmwarePhase
{
    private const int MemoryMapPages = 16;
    private const int ExitAttempts = 4;
    private const int MostProcessorsAsked = 4096;

    /// <summary>Runs the phase; false after a line that says what went wrong.</summary>
    public static bool TryRun(void* imageHandle, EfiSystemTable* system, BootInformation* boot)
    {
        SystemConsole.WriteLine("[1/4] reading the key"u8);
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
        return Medium.TryOpen(services, image->DeviceHandle, out Medium medium)
            && TryLoadPlan(ref medium, boot)
            && TryLoadPayloads(ref medium, boot)
            && TryLeave(imageHandle, services, boot);
    }

    /// <summary>Opens the screen on the linear frame buffer the firmware's own screen uses, if it has one.</summary>
    public static void OpenScreen(EfiBootServices* services, BootInformation* boot)
    {
        EfiGuid protocol = EfiGuid.GraphicsOutputProtocol;
        EfiGraphicsOutput* graphics;
        if (!EfiStatus.IsError(services->LocateProtocol(&protocol, null, (void**)&graphics))
            && graphics->Mode->Information->PixelFormat <= EfiPixelFormat.BlueGreenRedReserved8)
        {
            EfiGraphicsOutputInformation* information = graphics->Mode->Information;
            boot->FrameBufferBase = graphics->Mode->FrameBufferBase;
            boot->FrameBufferSize = graphics->Mode->FrameBufferSize;
            if (FrameBuffer.TryCreate(
                (void*)boot->FrameBufferBase, boot->FrameBufferSize, information->HorizontalResolution,
                information->VerticalResolution, information->PixelsPerScanLine, (PixelFormat)information->PixelFormat,
                out FrameBuffer frameBuffer))
            {
                SystemConsole.OpenScreen(frameBuffer);
            }
        }
    }

    private static bool TryLoadPlan(ref Medium medium, BootInformation* boot)
    {
        if (!medium.TryLoad(PlanFileName, PlanHeader.MaximumLength, out boot->Plan, out boot->PlanLength))
        {
            return false;
        }

        boot->FileBytes = PageTables.WholePages(boot->PlanLength);
        PlanStatus status = Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        LineBuffer line = default;
        line.Append("appliance.plan"u8);
        if (status != PlanStatus.Good)
        {
            line.Append(": "u8);
            line.Append(PlanStatusText.Of(status));
            line.Append("; write the key again"u8);
            return Fail(line.Text);
        }

        line.Append(" verified: "u8);
        line.Append(Plan.ProductOf(in plan.Header));
        line.Append((byte)' ');
        line.Append(Plan.ProductVersionOf(in plan.Header));
        SystemConsole.WriteLine(line.Text);
        SystemConsole.SetHeader(Plan.ProductOf(in plan.Header), Plan.ProductVersionOf(in plan.Header));
        return true;
    }

    private static bool TryLoadPayloads(ref Medium medium, BootInformation* boot)
    {
        Plan.TryRead(new ReadOnlySpan<byte>(boot->Plan, (int)boot->PlanLength), out Plan plan);
        int count = (int)plan.Header.PayloadCount;
        for (int i = 0; i < count; i++)
        {
            ref readonly PlanPayload payload = ref plan.Payload(i);
            ReadOnlySpan<byte> name = Plan.NameOf(in payload);
            if (!medium.TryLoad(name, payload.Length, out byte* address, out ulong length))
            {
                return false;
            }

            boot->Payloads[i] = (nuint)address;
            boot->PayloadBytes += PageTables.WholePages(length);
            if (!TryVerify(name, in payload, address, length))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryVerify(ReadOnlySpan<byte> name, in PlanPayload payload, byte* address, ulong length)
    {
        LineBuffer line = default;
        line.Append(name);
        if (length != payload.Length || length > int.MaxValue)
        {
            line.Append(": length differs from the plan; write the key again"u8);
            return Fail(line.Text);
        }

        Sha256Digest digest = default;
        Sha256.Hash(new ReadOnlySpan<byte>(address, (int)length), digest);
        for (int i = 0; i < Sha256.DigestLength; i++)
        {
            if (digest[i] != payload.Sha256[i])
            {
                line.Append(": SHA-256 differs from the plan; the key is damaged or was changed: write it again"u8);
                return Fail(line.Text);
            }
        }

        line.Append(" verified, "u8);
        line.AppendSize(length);
        SystemConsole.WriteLine(line.Text);
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

    private static ReadOnlySpan<byte> PlanFileName => "appliance.plan"u8;

    private static bool Fail(ReadOnlySpan<byte> line)
    {
        SystemConsole.WriteLine(line);
        return false;
    }
}
