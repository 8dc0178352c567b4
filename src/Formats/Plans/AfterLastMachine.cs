namespace Ember.Formats.Plans;

/// <summary>What the appliance does when its last virtual machine has stopped.</summary>
public enum AfterLastMachine : uint
{
    /// <summary>Powers the server off.</summary>
    PowerOff = 0,

    /// <summary>Stays up, showing its last lines.</summary>
    Stay = 1,
}
