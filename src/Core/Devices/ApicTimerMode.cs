namespace Ember.Core.Devices;

/// <summary>How the timer of a local APIC counts: bits 18..17 of its local vector table entry.</summary>
public enum ApicTimerMode : byte
{
    OneShot = 0,
    Periodic = 1,
    TscDeadline = 2,
}
