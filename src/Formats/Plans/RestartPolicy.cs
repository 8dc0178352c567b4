namespace Ember.Formats.Plans;

/// <summary>Whether a virtual machine that ended is started again. A guest's own reset always starts it again.</summary>
public enum RestartPolicy : uint
{
    /// <summary>It stays stopped.</summary>
    Never = 0,

    /// <summary>It is, whatever it ended by but its own power-off.</summary>
    OnFailure = 1,

    /// <summary>It is, whatever it ended by.</summary>
    Always = 2,
}
