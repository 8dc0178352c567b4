namespace Ember.Sdk.Validation;

/// <summary>The machine to start, and what is plugged into it.</summary>
/// <param name="Image">The image of the USB key it boots from. It is not written to, unless <see cref="WritesImage"/>.</param>
public sealed record MachineOptions(string Image)
{
    /// <summary>The kind of machine.</summary>
    public MachineModel Model { get; init; } = MachineModel.QemuAmd;

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 1024;

    /// <summary>Processors, 1 to <see cref="MachineModel.MaximumProcessors"/>.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>How many domains the memory lies in, in equal parts; a test's machine only, for QEMU.</summary>
    public int MemoryDomains { get; init; } = 1;

    /// <summary>True: time is counted in instructions, the same on every run, instead of taken from the host's clock.</summary>
    public bool CountsInstructions { get; init; }

    /// <summary>
    /// True: the firmware starts nothing but what is signed, by the key of the <c>ovmf</c> package's own test certificate
    /// (<see cref="QemuMachine.SecureBootCertificate"/>); a machine in QEMU only.
    /// </summary>
    public bool SecureBoot { get; init; }

    /// <summary>True: the image is a disc in a drive, and there is no key; for QEMU only.</summary>
    public bool IsDisc { get; init; }

    /// <summary>True: the key is no write-protected one, and what the machine writes is in the image afterwards; for QEMU only.</summary>
    public bool WritesImage { get; init; }

    /// <summary>
    /// How many bytes a second the machine gets from the key at most, as from a slow one; null for what QEMU manages. For QEMU only.
    /// </summary>
    public int? KeyBytesPerSecond { get; init; }

    /// <summary>The image of a second USB key that is plugged in, write-protected; null for none. For QEMU only.</summary>
    public string? SecondKey { get; init; }

    /// <summary>
    /// A file in which the firmware's variables are kept from one run to the next, made when it is absent; null for variables that are new
    /// each time. For QEMU only.
    /// </summary>
    public string? Variables { get; init; }

    /// <summary>True: the machine has an iBASE IB700 watchdog (ports 0x441 and 0x443), which resets it; for QEMU only.</summary>
    public bool Watchdog { get; init; }

    /// <summary>Whether the serial port that is seen is COM2; COM1 speaks to nobody then.</summary>
    public bool UsesSecondSerialPort { get; init; }

    /// <summary>
    /// True: there is no disk and no key in the machine. Its firmware loads <see cref="Image"/>, a single EFI application, by PXE; from a
    /// <see cref="Network"/>, where a server offers it, by HTTP. For QEMU only.
    /// </summary>
    public bool BootsFromNetwork { get; init; }

    /// <summary>The network that the machine's card is plugged into; null for none. A test's machine only, for QEMU.</summary>
    public NetworkNamespace? Network { get; init; }

    /// <summary>True: it has a TPM 2.0, new each time; a test's machine only, for QEMU.</summary>
    public bool HasTpm { get; init; }
}
