namespace Ember.Formats.Plans;

/// <summary>A fault the core commits on purpose once it is up, so that a validation lab sees the crash dump of this very
/// image on its own machine.</summary>
public enum LabCrash : uint
{
    /// <summary>None: every image that is shipped.</summary>
    None = 0,

    /// <summary>An undefined instruction, #UD.</summary>
    InvalidOpcode = 1,

    /// <summary>A read of an unmapped page, #PF.</summary>
    PageFault = 2,

    /// <summary>A push into the guard page below the stack, #DF.</summary>
    StackOverflow = 3,

    /// <summary>A failed check in the core's own code.</summary>
    CheckFailed = 4,
}
