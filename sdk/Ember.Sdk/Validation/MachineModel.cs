using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Validation;

/// <summary>A kind of server that images are tried on.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What it stands for.</param>
/// <param name="Emulator">What emulates it.</param>
/// <param name="Program">The emulator's program.</param>
/// <param name="Arguments">
/// What makes it this kind of server: arguments of QEMU for board and processor, lines of a configuration of Bochs for the processor.
/// </param>
public sealed record MachineModel(
    string Name, string Description, Emulator Emulator, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>A PC with PCI Express and an AMD processor that has SVM and nested paging, executed instruction by
    /// instruction.</summary>
    public static MachineModel QemuAmd { get; } = new(
        "qemu-amd",
        "QEMU: a PC with PCI Express, AMD SVM and nested paging",
        Emulator.Qemu,
        "qemu-system-x86_64",
        ["-machine", "q35", "-cpu", "max,+svm,+npt", "-accel", "tcg"]);

    /// <summary>
    /// A PC with PCI and an Intel processor that has VMX with extended page tables. The image is its hard disk, since it boots from
    /// no USB key, and its firmware has no ACPI tables. It counts time in instructions, always.
    /// </summary>
    public static MachineModel BochsIntel { get; } = new(
        "bochs-intel",
        "Bochs: a PC with PCI, Intel VMX, EPT and unrestricted guest, without ACPI tables",
        Emulator.Bochs,
        BochsMachine.Program,
        ["cpu: model=corei7_haswell_4770"]);

    /// <summary>The same PC with an AMD processor that has SVM and nested paging, and tells where the next instruction
    /// begins.</summary>
    public static MachineModel BochsAmd { get; } = new(
        "bochs-amd",
        "Bochs: a PC with PCI, AMD SVM, nested paging and NRIP save, without ACPI tables",
        Emulator.Bochs,
        BochsMachine.Program,
        ["cpu: model=ryzen"]);

    /// <summary>Every model; the first one is the default.</summary>
    public static IReadOnlyList<MachineModel> All { get; } = [QemuAmd, BochsIntel, BochsAmd];

    /// <summary>What a host has to have for it.</summary>
    public HostPurpose Needs => Emulator == Emulator.Bochs ? HostPurpose.RunBochs : HostPurpose.Run;

    /// <summary>The most processors it can have: with more, Bochs runs out of the timers it has for them.</summary>
    public int MaximumProcessors => Emulator == Emulator.Bochs ? 15 : 16;

    /// <summary>Whether pictures can be taken of its screen.</summary>
    public bool HasScreen => Emulator == Emulator.Qemu;

    /// <summary>The model called <paramref name="name"/>.</summary>
    /// <exception cref="EmberException">There is none (exit code 2).</exception>
    public static MachineModel Find(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? throw new EmberException(
            ErrorKind.Input, $"--machine {name}: no such machine; there is {string.Join(", ", All.Select(model => model.Name))}");
}
