namespace Ember.Sdk.MachineCode;

/// <summary>How one function enters another.</summary>
public enum CodeCallKind
{
    /// <summary>A call of a fixed address.</summary>
    Call,

    /// <summary>A jump to a fixed address: the function entered returns to this one's caller.</summary>
    TailCall,

    /// <summary>A call through a pointer that the image holds in read-only memory.</summary>
    CallThroughConstant,

    /// <summary>A jump through a pointer that the image holds in read-only memory.</summary>
    TailCallThroughConstant,
}
