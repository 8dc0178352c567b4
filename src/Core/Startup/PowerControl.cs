using Ember.Core.Console;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>Ends the appliance's run through the firmware, which knows its board, or through the chipset when there is none to ask.</summary>
internal static unsafe class PowerControl
{
    private const ushort ResetControl = 0xCF9;
    private const byte FullReset = 0x06;

    private static EfiRuntimeServices* _services;
    private static PageTables _firmwareSpace;

    /// <summary>Keeps what is needed for it.</summary>
    public static void Prepare(BootInformation* boot, PageTables firmwareSpace)
    {
        _services = boot->RuntimeServices;
        _firmwareSpace = firmwareSpace;
    }

    /// <summary>Switches the machine off; never returns.</summary>
    public static void PowerOff()
    {
        SystemConsole.Drain();
        if (_firmwareSpace.Root != 0)
        {
            Cpu.WriteCr3(_firmwareSpace.Root);
            _services->ResetSystem(EfiResetType.Shutdown, EfiStatus.Success, 0, null);
        }

        SystemConsole.WriteLine("the firmware did not power off: switch the machine off by hand"u8);
        SystemConsole.Drain();
        Cpu.Halt();
    }

    /// <summary>Leaves what the console shows to be read; never returns.</summary>
    public static void Stay()
    {
        ReportStay();
        SystemConsole.Drain();
        Cpu.Halt();
    }

    /// <summary>Says that nothing will happen any more by itself.</summary>
    public static void ReportStay() => SystemConsole.WriteLine("stopped: read the lines above, then switch off or reset"u8);

    /// <summary>Resets the machine without asking the firmware, as after a fault; never returns.</summary>
    public static void Reset()
    {
        Cpu.Out8(ResetControl, FullReset);
        Cpu.TripleFault();
    }
}
