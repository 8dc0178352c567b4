namespace Ember.Formats;

/// <summary>The I/O port by which a guest tells the core how far it has come: one byte written logs the time since the start.</summary>
public static class BootTimerPort
{
    public const ushort Number = 0xEB00;

    /// <summary>The byte that says: user space is reached.</summary>
    public const byte UserSpace = 1;
}
