using System;
using System.Collections.Generic;

namespace Ember.Sdk.Images;

/// <summary>What was written.</summary>
/// <param name="Path">The image.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="PartitionId">Identifier of the EFI system partition.</param>
/// <param name="VolumeId">Serial number of its FAT32 volume.</param>
/// <param name="FreeBytes">What is left on the volume.</param>
/// <param name="Files">Every file, in ascending order of their offsets; empty ones have none.</param>
public sealed record ImageReport(
    string Path, long Size, Guid DiskId, Guid PartitionId, uint VolumeId, long FreeBytes, IReadOnlyList<ImageFileReport> Files);
