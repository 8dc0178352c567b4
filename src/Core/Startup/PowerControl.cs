using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Platform.Processors;

namespace Ember.Core.Startup;

/// <summary>Ends the appliance's run through the firmware, which knows its board, or through the chipset when there is none to ask.</summary>
internal static class PowerControl
{
    private const ushort ResetControl = 0xCF9;
    private const byte FullReset = 0x06;

    /// <summary>Switches the machine off; never returns.</summary>
    public static void PowerOff()
    {
        Board.Show(BoardState.PoweringOff);
        SystemConsole.Drain();
        RuntimeFirmware.PowerOff();
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
    public static void ReportStay()
    {
        Board.Show(BoardState.Stopped);
        SystemConsole.WriteLine("stopped: read the lines above, then switch off or reset"u8);
    }

    /// <summary>Resets the machine without asking the firmware, as after a fault; never returns.</summary>
    public static void Reset()
    {
        Cpu.Out8(ResetControl, FullReset);
        Cpu.TripleFault();
    }
}
