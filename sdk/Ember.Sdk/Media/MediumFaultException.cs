namespace Ember.Sdk.Media;

/// <summary>A medium does not keep what is written to it (exit code 1).</summary>
/// <param name="fault">In which way.</param>
/// <param name="offset">Where it was found, in bytes.</param>
/// <param name="message">Said to a person.</param>
public sealed class MediumFaultException(MediumFault fault, long offset, string message) : EmberException(ErrorKind.Checked, message)
{
    /// <summary>In which way.</summary>
    public MediumFault Fault { get; } = fault;

    /// <summary>Where it was found, in bytes.</summary>
    public long Offset { get; } = offset;
}
