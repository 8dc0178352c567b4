using System;

namespace Ember.Sdk.Documents;

/// <summary>A document about a bank, which is signed with it without lying in it.</summary>
/// <param name="Name">Its name in the output folder and in the bank's manifest.</param>
/// <param name="Content">Its bytes.</param>
public sealed record KeyDocument(string Name, ReadOnlyMemory<byte> Content);
