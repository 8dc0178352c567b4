using Ember.Sdk.Fat;

namespace Ember.Sdk.Images;

/// <summary>The FAT volume of a partition.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its serial number.</param>
/// <param name="FreeBytes">What is left on it.</param>
public sealed record ImageVolumeReport(FatType Type, uint Id, long FreeBytes);
