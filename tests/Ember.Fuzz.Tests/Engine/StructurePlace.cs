using System;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>Where a structure lies in an input.</summary>
/// <param name="Type">The structure.</param>
/// <param name="Offset">Its first byte.</param>
internal readonly record struct StructurePlace(Type Type, int Offset);
