using System;

namespace Ember.Sdk;

/// <summary>
/// A failure that its message explains to the person who gave the command: what is wrong, where, and how to mend it. The message
/// carries no <c>ember: error:</c> in front; the command line adds it, and exits with <see cref="ExitCode"/>.
/// </summary>
/// <param name="kind">Whose fault it is, hence the exit code.</param>
/// <param name="message">For example <c>images/edge/appliance.toml:12: vm 'web': kernel 'vmlinuz' not found; run …</c>.</param>
/// <param name="innerException">What the system reported, if that is where it began.</param>
public class EmberException(ErrorKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Whose fault it is.</summary>
    public ErrorKind Kind { get; } = kind;

    /// <summary>The exit code of a command that ends with this failure: 1, 2 or 3.</summary>
    public int ExitCode => (int)Kind;
}
