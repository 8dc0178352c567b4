using System.Collections.Generic;

namespace Ember.Sdk.Differences;

/// <summary>Bytes outside of files that differ.</summary>
/// <param name="Name">What lies there: <c>partition table</c>, or a partition's name and what of it.</param>
/// <param name="DifferentBytes">How many bytes differ.</param>
/// <param name="Ranges">Where in the image: the first few ranges.</param>
public sealed record AreaDifference(string Name, long DifferentBytes, IReadOnlyList<ByteRange> Ranges);
