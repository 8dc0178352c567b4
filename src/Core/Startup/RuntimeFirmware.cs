using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Banks;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>What the firmware still does after it was left: called in page tables that map it, on the boot processor, with no virtual
/// processor loaded.</summary>
internal static unsafe class RuntimeFirmware
{
    private const int LongestName = 32;

    private static EfiRuntimeServices* _services;
    private static PageTables _space;

    /// <summary>Keeps what is needed for it.</summary>
    /// <param name="services">The firmware's runtime services.</param>
    /// <param name="space">Page tables that map it; with root 0 it is not called any more.</param>
    public static void Prepare(EfiRuntimeServices* services, PageTables space)
    {
        _services = services;
        _space = space;
    }

    /// <summary>Switches the machine off; returns when the firmware does not.</summary>
    public static void PowerOff()
    {
        if (_space.Root != 0)
        {
            Cpu.WriteCr3(_space.Root);
            _services->ResetSystem(EfiResetType.Shutdown, EfiStatus.Success, 0, null);
        }
    }

    /// <summary>Keeps a number for the loader of the next boot.</summary>
    /// <param name="name">Of the variable, ASCII.</param>
    /// <param name="value">The number.</param>
    public static bool TryKeep(ReadOnlySpan<byte> name, ulong value)
    {
        if (_space.Root == 0)
        {
            return false;
        }

        Name text = default;
        for (int i = 0; i < LongestName - 1 && i < name.Length; i++)
        {
            text[i] = (char)name[i];
        }

        const EfiVariableAttributes attributes =
            EfiVariableAttributes.NonVolatile | EfiVariableAttributes.BootServiceAccess | EfiVariableAttributes.RuntimeAccess;
        EfiGuid vendor = new(HandOver.GuidLow, HandOver.GuidHigh);
        ulong own = Cpu.ReadCr3();
        Cpu.WriteCr3(_space.Root);
        nuint status = _services->SetVariable((char*)Unsafe.AsPointer(ref text), &vendor, attributes, sizeof(ulong), &value);
        Cpu.WriteCr3(own);
        return !EfiStatus.IsError(status);
    }

    [InlineArray(LongestName)]
    private struct Name
    {
        private char _first;
    }
}
