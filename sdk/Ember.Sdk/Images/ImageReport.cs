using System;
using System.Collections.Generic;

namespace Ember.Sdk.Images;

/// <summary>What was written.</summary>
/// <param name="Path">The image.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="Partitions">Every partition in order.</param>
public sealed record ImageReport(string Path, long Size, Guid DiskId, IReadOnlyList<ImagePartitionReport> Partitions);
