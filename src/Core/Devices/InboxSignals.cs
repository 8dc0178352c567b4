using System;

namespace Ember.Core.Devices;

/// <summary>What a virtual processor can be sent besides interrupt vectors.</summary>
[Flags]
public enum InboxSignals
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A non-maskable interrupt.</summary>
    NonMaskable = 1,

    /// <summary>INIT: reset, and wait for a start-up interrupt.</summary>
    Init = 2,

    /// <summary>A start-up interrupt, whose vector says where to begin.</summary>
    StartUp = 4,

    /// <summary>The output of the 8259 pair, or the next event of the chip set's timers, has changed.</summary>
    Lines = 8,

    /// <summary>The owner presses the power button; for the processor that sees to the shared devices.</summary>
    PowerButton = 16,
}
