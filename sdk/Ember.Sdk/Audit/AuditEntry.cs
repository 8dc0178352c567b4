namespace Ember.Sdk.Audit;

/// <summary>A place where the core is entered from outside, and the stack it runs on from there.</summary>
/// <param name="Function">The function entered, by its symbol or an alias.</param>
/// <param name="Stack">The stack, for people.</param>
/// <param name="StackBytes">Bytes of the stack that may be used.</param>
/// <param name="FirmwareBytes">Bytes of it kept for each function of the firmware that is called.</param>
public sealed record AuditEntry(string Function, string Stack, uint StackBytes, uint FirmwareBytes)
{
    /// <summary>The function has no caller here but switches to this stack itself; what it did before is part of another entry.</summary>
    public bool SwitchesStack { get; init; }

    /// <summary>Device interrupts come while this stack is in use, one at a time, and use it too.</summary>
    public bool TakesInterrupts { get; init; }
}
