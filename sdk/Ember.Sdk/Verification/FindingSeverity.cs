namespace Ember.Sdk.Verification;

/// <summary>How serious a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>The image works, and is not as Ember writes it.</summary>
    Warning = 0,

    /// <summary>Some machine may not start from it, or something in it is not what was signed.</summary>
    Error = 1,
}
