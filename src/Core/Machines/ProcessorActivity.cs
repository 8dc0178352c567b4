namespace Ember.Core.Machines;

/// <summary>What a virtual processor is doing (Intel SDM volume 3, section 24.4.2, activity state).</summary>
internal enum ProcessorActivity
{
    /// <summary>Executing instructions.</summary>
    Active,

    /// <summary>About to execute the first of them.</summary>
    Entering,

    /// <summary>HLT: until the next interrupt.</summary>
    Halted,

    /// <summary>HLT with interrupts off: until an NMI or INIT.</summary>
    Deaf,

    /// <summary>After INIT: until a start-up interrupt.</summary>
    WaitForStartUp,
}
