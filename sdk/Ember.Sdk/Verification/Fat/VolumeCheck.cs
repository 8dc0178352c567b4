using System.Collections.Generic;
using Ember.Sdk.Verification.Rules;
using Ember.Sdk.Verification.Tables;

namespace Ember.Sdk.Verification.Fat;

/// <summary>A volume that was checked, and its files.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Files">Every file and folder.</param>
internal sealed record VolumeCheck(FatVolume Volume, IReadOnlyList<FatFile> Files)
{
    // Eleven characters, as on disk. Both banks have it: an update replaces the volume with the same bytes for either.
    private const string BankLabel = "EMBER BANK ";

    /// <summary>Checks the volume in a partition.</summary>
    /// <returns>The volume; null where there is none that could be read.</returns>
    public static VolumeCheck? Run(PartitionEntry partition, ImageBytes image, Findings findings)
    {
        if (FatBootCheck.Run(partition, image, findings) is not { } volume)
        {
            return null;
        }

        FatTableCheck table = new(volume, image, findings);
        IReadOnlyList<FatFile> files = new FatFolderCheck(volume, table, image, findings).Run();
        table.Finish();
        findings.Require(
            partition.Number == PartitionCheck.Esp || volume.Label == BankLabel, FatRules.Label, volume.Place,
            $"it is '{volume.Label.TrimEnd(' ')}'");
        return new VolumeCheck(volume, files);
    }
}
