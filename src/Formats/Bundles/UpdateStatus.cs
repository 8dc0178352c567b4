namespace Ember.Formats.Bundles;

/// <summary>What became of an update.</summary>
public enum UpdateStatus
{
    /// <summary>The bank is written, read back, and the one that is tried next.</summary>
    Good = 0,

    /// <summary>The bundle, or the bank that it builds on, cannot be read to its end. The bank is as it was, or counts as empty now.</summary>
    Unreadable,

    /// <summary>The content is not what the bundle says. Nothing has been written.</summary>
    Damaged,

    /// <summary>The content is not what the bundle says, and parts of it come from the other bank. Nothing has been written.</summary>
    BaseDiffers,

    /// <summary>The state of the banks cannot be written. The bank has not been written to, or is not tried.</summary>
    StateUnwritable,

    /// <summary>The bank cannot be written. It counts as empty now.</summary>
    BankUnwritable,

    /// <summary>What was written does not read back. The bank counts as empty now.</summary>
    ReadBackDiffers,
}
