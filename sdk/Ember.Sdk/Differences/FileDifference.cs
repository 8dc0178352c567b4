using System.Collections.Generic;

namespace Ember.Sdk.Differences;

/// <summary>A file that only one image has, or that differs.</summary>
/// <param name="Partition">The partition's name.</param>
/// <param name="Path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="LengthBefore">Its bytes in the first image; null where it is not there.</param>
/// <param name="LengthAfter">Its bytes in the second image; null where it is not there.</param>
/// <param name="DifferentBytes">How many bytes differ, those that only one has included.</param>
/// <param name="Ranges">Where: the first few ranges.</param>
/// <param name="Parts">What of an executable differs; empty for any other file.</param>
public sealed record FileDifference(
    string Partition,
    string Path,
    long? LengthBefore,
    long? LengthAfter,
    long DifferentBytes,
    IReadOnlyList<ByteRange> Ranges,
    IReadOnlyList<PartDifference> Parts);
