namespace Ember.Core.Devices;

/// <summary>What became of an access to a model-specific register.</summary>
public enum MsrStatus : byte
{
    /// <summary>The register was read or written.</summary>
    Done,

    /// <summary>No device has this register.</summary>
    NotMine,

    /// <summary>The access earns #GP(0).</summary>
    Fault,
}
