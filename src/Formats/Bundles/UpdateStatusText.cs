using System;

namespace Ember.Formats.Bundles;

/// <summary>What is said about an update that was not made.</summary>
public static class UpdateStatusText
{
    /// <summary>The status in words that complete the bundle's name and ": ", ASCII.</summary>
    public static ReadOnlySpan<byte> Of(UpdateStatus status) => status switch
    {
        UpdateStatus.Good => "good"u8,
        UpdateStatus.Unreadable => "cannot be read to its end"u8,
        UpdateStatus.Damaged => "is damaged: its content is not what was written; copy it again"u8,
        UpdateStatus.BaseDiffers => "does not come out right: it is damaged, or the bank it builds on is; take a whole bundle"u8,
        UpdateStatus.StateUnwritable => "the state of the banks cannot be written: is the key write-protected?"u8,
        UpdateStatus.BankUnwritable => "the bank cannot be written: use another key"u8,
        UpdateStatus.ReadBackDiffers => "the bank does not read back as it was written: use another key"u8,
        _ => "unknown status"u8,
    };
}
