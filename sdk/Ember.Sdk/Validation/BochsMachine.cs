using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Validation;

/// <summary>
/// A server emulated by Bochs, with an image as its first hard disk. Disposing ends it, whatever it does. A reset starts it anew, for
/// Bochs cannot be told to stop then; its screen cannot be seen.
/// </summary>
public sealed class BochsMachine : IEmulatedMachine
{
    /// <summary>The emulator.</summary>
    internal const string Program = "bochs-bin";

    /// <summary>The part of it that shows the screen in a terminal, the one way that needs no other program.</summary>
    internal const string Display = "/usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so";

    /// <summary>The firmware of its graphics adapter.</summary>
    internal const string VideoFirmware = "/usr/share/vgabios/vgabios.bin";

    private const string Terminal = "script";
    private const string Firmware = "/usr/share/ovmf/OVMF.fd";
    private const string Log = "bochs.log";
    private const string Panic = ">>PANIC<<";
    private const string PoweredOff = "ACPI control: soft power off";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly Socket _serialPort;
    private readonly TaskCompletionSource<MachineEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private readonly Task _watching;
    private string _errorText = "";
    private volatile bool _stopped;

    private BochsMachine(Process process, DirectoryInfo folder, Socket serialPort, SerialLog serial)
    {
        _process = process;
        _folder = folder;
        _serialPort = serialPort;
        Serial = serial;
        _reading = ReadSerialAsync();
        _watching = WatchProcessAsync();
    }

    /// <inheritdoc/>
    public SerialLog Serial { get; }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => _ended.Task;

    /// <summary>Starts a machine. Nothing it sends over its serial port is lost.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="host">The host, which has Bochs and OVMF.</param>
    /// <param name="clock">Times what the machine sends.</param>
    /// <param name="listen">Called with the serial log before the machine starts, to subscribe to it.</param>
    /// <param name="cancellation">Stops waiting for Bochs to come up.</param>
    /// <exception cref="EmberException">
    /// Bochs or OVMF is missing or Bochs does not start (exit code 3), or the image is missing (2).
    /// </exception>
    public static async Task<BochsMachine> StartAsync(
        MachineOptions options,
        HostSystem host,
        TimeProvider clock,
        Action<SerialLog>? listen = null,
        CancellationToken cancellation = default)
    {
        if (options.SecureBoot)
        {
            throw new EmberException(ErrorKind.Input, $"{options.Model.Name} has no Secure Boot; take qemu-amd");
        }

        string program = host.FindProgram(options.Model.Program) ?? throw Missing(options.Model.Program, "bochs");
        _ = host.FindFile(Display) ?? throw Missing(Display, "bochs-term");
        string video = host.FindFile(VideoFirmware) ?? throw Missing(VideoFirmware, "vgabios");
        string firmware = host.FindFile(Firmware) ?? throw Missing(Firmware, "ovmf");
        string terminal = host.FindProgram(Terminal) ?? throw Missing(Terminal, "bsdutils");
        if (!File.Exists(options.Image))
        {
            throw new EmberException(ErrorKind.Input, $"{options.Image}: no such image; build it first");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("ember-");
        Process? process = null;
        try
        {
            // Bochs calls us: the port is open before it starts, so nothing has to be waited for or tried again.
            using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "image"), Path.GetFullPath(options.Image));
            await File.WriteAllLinesAsync(
                Path.Combine(folder.FullName, "machine"), Configuration(options, firmware, video, port), cancellation);

            // Debian's Bochs is the one with the debugger, which waits for the word to continue.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "commands"), "continue\n", cancellation);
            SerialLog serial = new(clock);
            listen?.Invoke(serial);
            process = Start(terminal, program, folder.FullName);
            return new BochsMachine(process, folder, await AcceptAsync(listener, process, folder, cancellation), serial);
        }
        catch
        {
            if (process is not null)
            {
                await EndAsync(process);
                process.Dispose();
            }

            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<string> ReadErrorTextAsync()
    {
        await _watching;
        return _errorText;
    }

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            await _serialPort.SendAsync(bytes, cancellation);
        }
        catch (SocketException)
        {
            // The machine has just ended: nobody is there to take the bytes, and Ended tells.
        }
    }

    /// <inheritdoc/>
    public Task TakeScreenshotAsync(string path, CancellationToken cancellation = default) =>
        throw new EmberException(ErrorKind.Checked, $"{path}: no picture can be taken of the screen of a machine in Bochs");

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        if (!Ended.IsCompleted)
        {
            _stopped = true;
            await EndAsync(_process).WaitAsync(cancellation);
        }

        await _watching.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _serialPort.Dispose();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static EmberException Missing(string what, string package) =>
        new(ErrorKind.Host, $"'{what}' not found; install it with: sudo apt-get install {package}");

    // Paths are the folder's own, so that no character of another one means anything in this file.
    private static IEnumerable<string> Configuration(MachineOptions options, string firmware, string video, int port)
    {
        string memory = options.MemoryMiB.ToString(CultureInfo.InvariantCulture);
        string processors = options.Processors.ToString(CultureInfo.InvariantCulture);
        string serial = port.ToString(CultureInfo.InvariantCulture);
        return
        [
            .. options.Model.Arguments,
            $"cpu: count={processors}, ips=100000000, reset_on_triple_fault=0",
            "pci: enabled=1, chipset=i440fx",
            "plugin_ctrl: unmapped=true, biosdev=true, speaker=false",
            "display_library: term",
            "sound: driver=dummy",
            "clock: sync=none",
            $"memory: guest={memory}, host={memory}",
            $"romimage: file=\"{firmware}\"",
            $"vgaromimage: file=\"{video}\"",
            "vga: extension=none",
            "ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14",
            "ata0-master: type=disk, path=image, mode=volatile, journal=changes",
            "boot: disk",
            $"com1: enabled=1, mode=socket-client, dev=127.0.0.1:{serial}",
            $"log: {Log}",
            "panic: action=fatal",
            "error: action=ignore",
            "info: action=ignore",
            "debug: action=ignore",
        ];
    }

    private static Process Start(string terminal, string program, string folder)
    {
        string command = $"'{program}' -q -unlock -f machine -rc commands";
        ProcessStartInfo start = new(terminal, ["-qefc", command, "/dev/null"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "vt100";
        Process process = Process.Start(start)!;

        // Its screen, which nobody looks at, and its words, which are in its log too.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<Socket> AcceptAsync(
        Socket listener, Process process, DirectoryInfo folder, CancellationToken cancellation)
    {
        using CancellationTokenSource died = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<Socket> accepting = listener.AcceptAsync(died.Token).AsTask();
        if (await Task.WhenAny(accepting, process.WaitForExitAsync(died.Token)) != accepting)
        {
            await died.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            throw new EmberException(ErrorKind.Host, $"Bochs does not start: {Complaint(folder)}");
        }

        Socket serialPort = await accepting;
        await died.CancelAsync();
        return serialPort;
    }

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }

    private static string Complaint(DirectoryInfo folder)
    {
        string log = Path.Combine(folder.FullName, Log);
        return File.Exists(log)
            ? string.Join("; ", File.ReadLines(log).Where(line => line.Contains(Panic, StringComparison.Ordinal)))
            : "it wrote no log";
    }

    private async Task WatchProcessAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        Serial.Complete();
        _errorText = Complaint(_folder);
        _ended.TrySetResult(
            _stopped ? MachineEnd.None
            : _errorText.Contains(PoweredOff, StringComparison.Ordinal) ? MachineEnd.PoweredOff
            : MachineEnd.EmulatorDied);
    }

    private async Task ReadSerialAsync()
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int count = await _serialPort.ReceiveAsync(buffer); count != 0; count = await _serialPort.ReceiveAsync(buffer))
            {
                Serial.Append(buffer.AsMemory(0, count).ToArray());
            }
        }
        catch (SocketException)
        {
            // Ended with Bochs.
        }
    }
}
