namespace Ember.Core.Startup;

/// <summary>
/// What memory is held for, and what there is of it: the accounts, in the order in which <see cref="MemoryReport"/> names them.
/// </summary>
internal enum MemoryAccount
{
    /// <summary>The core itself, as the firmware loaded it.</summary>
    Image,

    /// <summary>The plan and the firmware's memory map.</summary>
    Files,

    /// <summary>What virtual machines are loaded from: kept, as each may be started again when the key is gone.</summary>
    Payloads,

    /// <summary>Stacks, guards included.</summary>
    Stacks,

    /// <summary>Pages of page tables in use, the host's own and nested ones.</summary>
    PageTablesInUse,

    /// <summary>Pages kept for page tables; those in use are among them.</summary>
    PageTables,

    /// <summary>What the processor's virtualization extension needs for itself.</summary>
    Virtualization,

    /// <summary>State of virtual machines: processor, devices, permission maps.</summary>
    Machines,

    /// <summary>RAM of virtual machines.</summary>
    Guests,

    /// <summary>Free.</summary>
    Free,

    /// <summary>All that was ever free: what is free, and what was taken of it.</summary>
    Found,

    /// <summary>How many accounts there are.</summary>
    Count,
}
