using System;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Validation;

/// <summary>An emulated server that has an image to boot from. Disposing ends it, whatever it does.</summary>
public interface IEmulatedMachine : IAsyncDisposable
{
    /// <summary>What the machine sends over its first serial port.</summary>
    SerialLog Serial { get; }

    /// <summary>Done when the machine has come to its end, and says how.</summary>
    Task<MachineEnd> Ended { get; }

    /// <summary>What the emulator itself complained about; complete once it has ended.</summary>
    Task<string> ReadErrorTextAsync();

    /// <summary>Sends <paramref name="bytes"/> to the machine's serial port.</summary>
    Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);

    /// <summary>Writes what the machine's screen shows to <paramref name="path"/>, as PNG.</summary>
    /// <exception cref="EmberException">The emulator cannot (exit code 1), or the file cannot be written (3).</exception>
    Task TakeScreenshotAsync(string path, CancellationToken cancellation = default);

    /// <summary>
    /// Ends the machine and waits until <see cref="Serial"/> has everything it sent. When it had come to an end by itself,
    /// <see cref="Ended"/> keeps saying so.
    /// </summary>
    Task StopAsync(CancellationToken cancellation = default);

    /// <summary>Starts a machine in the emulator that its model names. Nothing it sends over its serial port is lost.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="host">The host, which has the emulator and its firmware.</param>
    /// <param name="clock">Times what the machine sends.</param>
    /// <param name="listen">Called with the serial log before the machine starts, to subscribe to it.</param>
    /// <param name="cancellation">Stops waiting for the emulator to come up.</param>
    /// <exception cref="EmberException">
    /// The emulator or its firmware is missing or it does not start (exit code 3), or the image is missing (2).
    /// </exception>
    static async Task<IEmulatedMachine> StartAsync(
        MachineOptions options,
        HostSystem host,
        TimeProvider clock,
        Action<SerialLog>? listen = null,
        CancellationToken cancellation = default) => options.Model.Emulator == Emulator.Bochs
            ? await BochsMachine.StartAsync(options, host, clock, listen, cancellation)
            : await QemuMachine.StartAsync(options, host, clock, listen, cancellation);
}
