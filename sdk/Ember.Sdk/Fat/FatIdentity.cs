namespace Ember.Sdk.Fat;

/// <summary>What tells one volume from another with the same files.</summary>
/// <param name="VolumeId">The volume's serial number.</param>
/// <param name="Label">Its label, see <see cref="FatLabel"/>.</param>
/// <param name="Timestamp">When every file and folder was made and changed.</param>
/// <param name="HiddenSectors">Sectors of the disk before the volume.</param>
public sealed record FatIdentity(uint VolumeId, string Label, FatTimestamp Timestamp, uint HiddenSectors);
