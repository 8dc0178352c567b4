using System;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>An input with which a target did not do what it must.</summary>
/// <param name="target">The target.</param>
/// <param name="input">The input.</param>
/// <param name="execution">Which execution it was, from 0 on.</param>
/// <param name="cause">What happened.</param>
internal sealed class FailedInputException(FuzzTarget target, byte[] input, long execution, Exception cause)
    : Exception($"{target.Name}: execution {execution}: {cause}\ninput: {Convert.ToHexString(input)}", cause)
{
    /// <summary>The target.</summary>
    public FuzzTarget Target { get; } = target;

    /// <summary>The input.</summary>
    public byte[] Input { get; } = input;
}
