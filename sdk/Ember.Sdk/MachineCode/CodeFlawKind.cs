namespace Ember.Sdk.MachineCode;

/// <summary>What a flaw in an image's code is about.</summary>
public enum CodeFlawKind
{
    /// <summary>Bytes that nothing reaches, or control that arrives where no instruction of the function starts.</summary>
    Flow,

    /// <summary>A call or jump through a register or memory whose targets are not known.</summary>
    Indirect,
}
