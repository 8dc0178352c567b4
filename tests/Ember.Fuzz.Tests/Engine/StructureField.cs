namespace Ember.Fuzz.Tests.Engine;

/// <summary>A field of a structure, or bytes of it that are none's.</summary>
/// <param name="Name">Its name behind those of the structures it is in.</param>
/// <param name="Offset">Where it begins in the structure.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record StructureField(string Name, int Offset, int Size);
