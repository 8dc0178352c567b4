namespace Ember.Sdk.Validation;

/// <summary>The programs that emulate machines.</summary>
public enum Emulator
{
    /// <summary>QEMU, with <see cref="QemuMachine"/>.</summary>
    Qemu,

    /// <summary>Bochs, with <see cref="BochsMachine"/>.</summary>
    Bochs,
}
