using System;

namespace Ember.Sdk.Validation;

/// <summary>One line that a machine sent over its serial port.</summary>
/// <param name="Time">When its first byte came, counted from the machine's start.</param>
/// <param name="Text">The line without its end and without escape sequences.</param>
public sealed record SerialLine(TimeSpan Time, string Text);
