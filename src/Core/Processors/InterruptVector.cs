namespace Ember.Core.Processors;

/// <summary>The host's own interrupt vectors. Exceptions have 0 to 31.</summary>
internal static class InterruptVector
{
    public const byte FirstDevice = 32;
    public const byte Serial = 0x60;
    public const byte Keyboard = 0x61;
    public const byte Timer = 0xE0;

    /// <summary>From another processor: look what there is to do.</summary>
    public const byte Wake = 0xE1;

    /// <summary>From another processor: <see cref="TranslationShootdown"/>.</summary>
    public const byte Shootdown = 0xE2;

    public const byte Spurious = 0xFF;
}
