using System;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>A reader has done what it must not.</summary>
internal sealed class FuzzException(string message) : Exception(message);
