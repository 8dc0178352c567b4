using System;
using Ember.Core.Console;
using Ember.Formats.Fields;
using Ember.Platform.Console;
using Ember.Platform.Processors;
using Ember.Platform.Smbios;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Core.Boards;

/// <summary>
/// A board with an iBASE IB700 watchdog and a POST code display, which QEMU's machines can be given (<c>-device ib700</c>). The watchdog
/// resets the machine when the core has not run for ten seconds.
/// </summary>
internal struct Board : IBoardSupport
{
    /// <summary>Any value switches the watchdog off.</summary>
    private const ushort WatchdogOff = 0x441;

    /// <summary>The time to the reset begins anew: 30 s less two for each of 0 to 14.</summary>
    private const ushort WatchdogOn = 0x443;

    private const byte TenSeconds = 10;
    private const ushort PostCode = 0x80;

    private static bool _hasWatchdog;

    /// <inheritdoc/>
    public static ushort ConsolePort => SerialPort.Com1;

    /// <inheritdoc/>
    public static ulong TickInterval => 1_000_000_000;

    /// <inheritdoc/>
    public static unsafe bool Identify(EfiSystemTable* system)
    {
        SmbiosTables tables = SmbiosTables.Open(system);
        ReadOnlySpan<byte> maker = tables.Text(SmbiosTables.System, SmbiosTables.Manufacturer);
        LineBuffer line = default;
        line.Append("board: "u8);
        line.Append(maker.IsEmpty ? "unknown"u8 : maker);
        line.Append((byte)' ');
        line.Append(tables.Text(SmbiosTables.System, SmbiosTables.Product));
        SystemConsole.WriteLine(line.Text);

        // On another maker's board something else may be at these ports.
        _hasWatchdog = FieldText.AreEqual(maker, "QEMU"u8);
        return true;
    }

    /// <inheritdoc/>
    public static void Start()
    {
        if (_hasWatchdog)
        {
            Cpu.Out8(WatchdogOn, TenSeconds);
            SystemConsole.WriteLine("board: watchdog armed, 10 s"u8);
        }
    }

    /// <inheritdoc/>
    public static void Tick(ulong now)
    {
        if (_hasWatchdog)
        {
            Cpu.Out8(WatchdogOn, TenSeconds);
        }
    }

    /// <inheritdoc/>
    public static void Show(BoardState state)
    {
        Cpu.Out8(PostCode, (byte)(0xE0 | (byte)state));
        if (_hasWatchdog && state is BoardState.Stopped or BoardState.PoweringOff)
        {
            Cpu.Out8(WatchdogOff, 0);
        }
    }
}
