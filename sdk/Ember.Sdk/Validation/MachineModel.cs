using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Validation;

/// <summary>A kind of server that images are tried on.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Description">What it stands for.</param>
/// <param name="Program">The emulator.</param>
/// <param name="Arguments">The emulator's arguments that make it this kind of server: board and processor.</param>
public sealed record MachineModel(string Name, string Description, string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>A PC with PCI Express and an AMD processor that has SVM and nested paging, executed instruction by
    /// instruction.</summary>
    public static MachineModel QemuAmd { get; } = new(
        "qemu-amd",
        "QEMU: a PC with PCI Express, AMD SVM and nested paging",
        "qemu-system-x86_64",
        ["-machine", "q35", "-cpu", "max,+svm,+npt", "-accel", "tcg"]);

    /// <summary>Every model; the first one is the default.</summary>
    public static IReadOnlyList<MachineModel> All { get; } = [QemuAmd];

    /// <summary>The model called <paramref name="name"/>.</summary>
    /// <exception cref="EmberException">There is none (exit code 2).</exception>
    public static MachineModel Find(string name) => All.FirstOrDefault(model => model.Name == name)
        ?? throw new EmberException(
            ErrorKind.Input, $"--machine {name}: no such machine; there is {string.Join(", ", All.Select(model => model.Name))}");
}
