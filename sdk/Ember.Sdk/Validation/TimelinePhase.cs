using System;

namespace Ember.Sdk.Validation;

/// <summary>A part of the way from power-on to power-off.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">From what to what it lasts.</param>
/// <param name="Start">When it begins, counted from power-on.</param>
/// <param name="Duration">How long it lasts.</param>
public sealed record TimelinePhase(string Name, string Meaning, TimeSpan Start, TimeSpan Duration);
