using System;
using System.Collections.Generic;

namespace Ember.Sdk.Images;

/// <summary>A partition of an image that was written.</summary>
/// <param name="Name">Its name in the partition table.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="Offset">Where it begins, in bytes from the start of the image.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Volume">Its FAT volume; null when it has none.</param>
/// <param name="Files">Every file, in ascending order of their offsets; empty ones have none.</param>
public sealed record ImagePartitionReport(
    string Name, Guid Id, long Offset, long Size, ImageVolumeReport? Volume, IReadOnlyList<ImageFileReport> Files);
