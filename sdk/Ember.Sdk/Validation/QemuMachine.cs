using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;
using Ember.Sdk.Output;

namespace Ember.Sdk.Validation;

/// <summary>
/// A server emulated by QEMU, with an image as the USB key it boots from. Disposing ends it, whatever it does. When what runs in
/// it powers off or resets, the machine stops but stays, so that its screen can still be taken.
/// </summary>
public sealed class QemuMachine : IEmulatedMachine
{
    private const string FirmwareCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";
    private const string FirmwareVariables = "/usr/share/OVMF/OVMF_VARS_4M.fd";
    private const string SecureFirmwareCode = "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd";
    private const string SecureFirmwareVariables = "/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd";
    private const string KeyDevice = "key";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly SoftwareTpm? _tpm;
    private readonly TaskCompletionSource<MachineEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _unplugged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task<string> _errorText;
    private readonly Stream _serialInput;
    private QmpClient? _qmp;
    private readonly Task _reading;

    private QemuMachine(Process process, DirectoryInfo folder, SoftwareTpm? tpm, SerialLog serial)
    {
        _process = process;
        _folder = folder;
        _tpm = tpm;
        Serial = serial;
        _errorText = process.StandardError.ReadToEndAsync();
        _serialInput = process.StandardInput.BaseStream;
        _reading = ReadSerialAsync(process.StandardOutput.BaseStream);
    }

    /// <summary>The only certificate that firmware with Secure Boot trusts here.</summary>
    public static string SecureBootCertificate => "/usr/share/ovmf/PkKek-1-snakeoil.pem";

    /// <summary>The private key of <see cref="SecureBootCertificate"/>, for tests: everyone has it.</summary>
    public static string SecureBootKey => "/usr/share/ovmf/PkKek-1-snakeoil.key";

    /// <summary>The password of <see cref="SecureBootKey"/>.</summary>
    public static string SecureBootKeyPassword => "snakeoil";

    /// <inheritdoc/>
    public SerialLog Serial { get; }

    /// <inheritdoc/>
    public Task<MachineEnd> Ended => _ended.Task;

    /// <summary>Starts a machine. Nothing it sends over its serial port is lost.</summary>
    /// <param name="options">The machine.</param>
    /// <param name="host">The host, which has QEMU and OVMF.</param>
    /// <param name="clock">Times what the machine sends.</param>
    /// <param name="listen">Called with the serial log before the machine starts, to subscribe to it.</param>
    /// <param name="cancellation">Stops waiting for QEMU to come up.</param>
    /// <exception cref="EmberException">
    /// QEMU or OVMF is missing or QEMU does not start (exit code 3), or the image is missing (2).
    /// </exception>
    public static async Task<QemuMachine> StartAsync(
        MachineOptions options,
        HostSystem host,
        TimeProvider clock,
        Action<SerialLog>? listen = null,
        CancellationToken cancellation = default)
    {
        string program = host.FindProgram(options.Model.Program) ?? throw Missing(options.Model.Program, "qemu-system-x86");
        string code = FirmwareFile(host, options.SecureBoot ? SecureFirmwareCode : FirmwareCode);
        string variables = FirmwareFile(host, options.SecureBoot ? SecureFirmwareVariables : FirmwareVariables);
        if (!File.Exists(options.Image))
        {
            throw new EmberException(ErrorKind.Input, $"{options.Image}: no such image; build it first");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("ember-");
        QemuMachine? machine = null;
        SoftwareTpm? tpm = null;
        try
        {
            // QEMU calls us: the socket is there before it starts, so nothing has to be waited for or tried again.
            using Socket qmpListener = Listen(Path.Combine(folder.FullName, "qmp"));
            string ownVariables = options.Variables ?? Path.Combine(folder.FullName, "variables.fd");
            if (!File.Exists(ownVariables))
            {
                File.Copy(variables, ownVariables);
            }

            tpm = options.HasTpm ? await SoftwareTpm.StartAsync(host, folder.FullName, cancellation) : null;
            List<string> arguments = Arguments(options, code, ownVariables, tpm, folder.FullName);
            if (options.Network is { } network)
            {
                string enter = host.FindProgram("nsenter") ?? throw Missing("nsenter", "util-linux");
                arguments.InsertRange(0, Entering(network, program));
                program = enter;
            }

            ProcessStartInfo start = new(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            SerialLog serial = new(clock);
            listen?.Invoke(serial);
            Process process = Process.Start(start)!;
            machine = new QemuMachine(process, folder, tpm, serial);
            await machine.ConnectAsync(qmpListener, cancellation);
            return machine;
        }
        catch
        {
            if (machine is not null)
            {
                await machine.DisposeAsync();
            }
            else
            {
                tpm?.Dispose();
                folder.Delete(recursive: true);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<string> ReadErrorTextAsync() => (await _errorText).Trim();

    /// <inheritdoc/>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            await _serialInput.WriteAsync(bytes, cancellation);
            await _serialInput.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            // The machine has just ended: nobody is there to take the bytes, and Ended tells.
        }
    }

    /// <inheritdoc/>
    public async Task TakeScreenshotAsync(string path, CancellationToken cancellation = default)
    {
        string taken = Path.Combine(_folder.FullName, "screen.png");
        await Qmp.ExecuteAsync("screendump", new JsonObject { ["filename"] = taken, ["format"] = "png" }, cancellation);
        AtomicFile.WriteAllBytes(path, await File.ReadAllBytesAsync(taken, cancellation));
    }

    /// <summary>Presses keys of the machine's keyboard at the same time and lets them go.</summary>
    /// <param name="keys">Their names in QEMU (<c>QKeyCode</c>), such as <c>ctrl</c> and <c>bracket_right</c>.</param>
    /// <param name="cancellation">Stops waiting for QEMU.</param>
    /// <exception cref="EmberException">QEMU knows no such key (exit code 1).</exception>
    public Task PressKeysAsync(IEnumerable<string> keys, CancellationToken cancellation = default) => Qmp.ExecuteAsync(
        "send-key",
        new JsonObject
        {
            ["keys"] = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject { ["type"] = "qcode", ["data"] = key })]),
        },
        cancellation);

    /// <summary>Pulls the USB key out, and waits until it is gone.</summary>
    public async Task UnplugKeyAsync(CancellationToken cancellation = default)
    {
        await Qmp.ExecuteAsync("device_del", new JsonObject { ["id"] = KeyDevice }, cancellation);
        await _unplugged.Task.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        try
        {
            await Qmp.ExecuteAsync("quit", null, cancellation);
        }
        catch (EmberException)
        {
            // It ends before it answers, or had died already: either way it is gone.
        }

        await _process.WaitForExitAsync(cancellation);
        await _reading;
        Serial.Complete();
        _ended.TrySetResult(MachineEnd.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _reading;
        Serial.Complete();
        _ended.TrySetResult(MachineEnd.None);
        _qmp?.Dispose();
        _process.Dispose();
        _disposing.Dispose();
        _tpm?.Dispose();
        _folder.Delete(recursive: true);
    }

    private QmpClient Qmp => _qmp ?? throw new InvalidOperationException("The machine is not connected.");

    private static string FirmwareFile(HostSystem host, string path) => host.FindFile(path) ?? throw Missing(path, "ovmf");

    private static EmberException Missing(string what, string package) =>
        new(ErrorKind.Host, $"'{what}' not found; install it with: sudo apt-get install {package}");

    private static Socket Listen(string path)
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        return listener;
    }

    // A comma in the value of a QEMU option is written twice.
    private static string Quote(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private static List<string> Arguments(MachineOptions options, string code, string variables, SoftwareTpm? tpm, string folder) =>
    [
        "-nodefaults", "-no-user-config",
        .. options.Model.Arguments,
        // Without system management mode, what runs could write to the variables that Secure Boot rests on.
        .. options.SecureBoot ? new[] { "-machine", "smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on" } : [],
        .. options.CountsInstructions ? new[] { "-icount", "shift=0,sleep=off" } : [],
        "-smp", options.Processors.ToString(CultureInfo.InvariantCulture),
        "-m", options.MemoryMiB.ToString(CultureInfo.InvariantCulture),
        .. options.MemoryDomains > 1 ? Enumerable.Range(0, options.MemoryDomains).SelectMany(i => Domain(options, i)) : [],
        "-display", "none", "-vga", "std",
        .. options.Watchdog ? new[] { "-device", "ib700" } : [],
        "-action", "reboot=shutdown,shutdown=pause",
        "-drive", $"if=pflash,format=raw,readonly=on,file={Quote(code)}",
        "-drive", $"if=pflash,format=raw,file={Quote(variables)}",
        .. options.Network is { } network ? Tap(network, options.BootsFromNetwork ? ",bootindex=0" : "") : [],
        .. options.IsDisc ? Disc(options)
            : !options.BootsFromNetwork ? Key(options)
            : options.Network is null ? Network(options)
            : [],
        .. tpm is null ? [] : Tpm(tpm),
        // Pipes, because QEMU sends byte by byte: a Unix socket is full after 300 of those while its reader sleeps, and then the
        // machine finds its serial port stuck.
        .. options.UsesSecondSerialPort ? new[] { "-serial", "null" } : [],
        "-chardev", "stdio,id=serial,signal=off", "-serial", "chardev:serial",
        "-chardev", $"socket,id=qmp,path={Quote(Path.Combine(folder, "qmp"))}", "-mon", "chardev=qmp,mode=control",
    ];

    private static string[] Key(MachineOptions options) =>
    [
        .. options.Network is null ? new[] { "-nic", "none" } : [],
        "-drive",
        $"if=none,id=image,format=raw,readonly={(options.WritesImage ? "off" : "on")},file={Quote(options.Image)}"
            + (options.KeyBytesPerSecond is { } limit ? string.Create(CultureInfo.InvariantCulture, $",throttling.bps-read={limit}") : ""),
        "-device", "qemu-xhci,id=usb",
        "-device", $"usb-storage,bus=usb.0,id={KeyDevice},drive=image,bootindex=0",
        .. options.SecondKey is { } second
            ? new[]
            {
                "-drive", $"if=none,id=second,format=raw,readonly=on,file={Quote(second)}",
                "-device", "usb-storage,bus=usb.0,drive=second",
            }
            : [],
    ];

    private static string[] Disc(MachineOptions options) =>
    [
        "-nic", "none",
        "-drive", $"if=none,id=image,format=raw,media=cdrom,readonly=on,file={Quote(options.Image)}",
        "-device", "ide-cd,drive=image,bootindex=0",
    ];

    /// <summary>QEMU's own network, which leads nowhere but to this file. The card's own boot program stays out: the firmware's PXE is it.
    /// </summary>
    private static string[] Network(MachineOptions options) =>
    [
        "-netdev",
        $"user,id=net,restrict=on,tftp={Quote(Path.GetDirectoryName(Path.GetFullPath(options.Image))!)},"
            + $"bootfile={Quote(Path.GetFileName(options.Image))}",
        "-device", "virtio-net-pci,netdev=net,romfile=,bootindex=0",
    ];

    /// <summary>PXE would be tried first, and for minutes.</summary>
    private static string[] Tap(NetworkNamespace network, string order) =>
    [
        "-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string=no",
        "-fw_cfg", "name=opt/org.tianocore/IPv6Support,string=no",
        "-netdev", $"tap,id=net,ifname={network.Tap},script=no,downscript=no",
        "-device", "virtio-net-pci,netdev=net,romfile=" + order,
    ];

    /// <summary>What <c>nsenter</c> is told so that it becomes <paramref name="program"/> in a network.</summary>
    private static string[] Entering(NetworkNamespace network, string program) =>
    [
        "--target", network.Process.ToString(CultureInfo.InvariantCulture),
        "--user", "--net", "--preserve-credentials", "--", program,
    ];

    private static string[] Tpm(SoftwareTpm tpm) =>
    [
        "-chardev", $"socket,id=tpm,path={Quote(tpm.Socket)}",
        "-tpmdev", "emulator,id=tpm,chardev=tpm",
        "-device", "tpm-crb,tpmdev=tpm",
    ];

    private static string[] Domain(MachineOptions options, int index) =>
    [
        "-object", string.Create(
            CultureInfo.InvariantCulture, $"memory-backend-ram,id=memory{index},size={options.MemoryMiB / options.MemoryDomains}M"),
        "-numa", string.Create(CultureInfo.InvariantCulture, $"node,memdev=memory{index}"),
    ];

    private async Task ConnectAsync(Socket qmpListener, CancellationToken cancellation)
    {
        using CancellationTokenSource died = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _ = WatchProcessAsync(died);
        try
        {
            _qmp = await QmpClient.ConnectAsync(await qmpListener.AcceptAsync(died.Token), TakeEvent, died.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            throw new EmberException(ErrorKind.Host, $"QEMU does not start: {await ReadErrorTextAsync()}", e);
        }
    }

    private async Task WatchProcessAsync(CancellationTokenSource died)
    {
        try
        {
            await _process.WaitForExitAsync(_disposing.Token);
            await _reading;
            Serial.Complete();
            _ended.TrySetResult(MachineEnd.EmulatorDied);
            await died.CancelAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Ended from outside, or connected long ago: nobody is left to be told.
        }
    }

    private async Task ReadSerialAsync(Stream stream)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            for (int count = await stream.ReadAsync(buffer); count != 0; count = await stream.ReadAsync(buffer))
            {
                Serial.Append(buffer.AsMemory(0, count).ToArray());
            }
        }
        catch (IOException)
        {
            // Ended with QEMU.
        }
    }

    private void TakeEvent(string name, JsonNode? data)
    {
        if (name == "SHUTDOWN")
        {
            string? reason = data?["reason"]?.GetValue<string>();
            _ended.TrySetResult(reason switch
            {
                "guest-shutdown" => MachineEnd.PoweredOff,
                "guest-reset" => MachineEnd.Reset,
                "host-qmp-quit" => MachineEnd.None,
                _ => MachineEnd.EmulatorDied,
            });
        }
        else if (name == "DEVICE_DELETED" && data?["device"]?.GetValue<string>() == KeyDevice)
        {
            _unplugged.TrySetResult();
        }
    }
}
