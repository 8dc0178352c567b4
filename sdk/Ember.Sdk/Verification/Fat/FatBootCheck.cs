using System;
using System.Buffers.Binary;
using Ember.Sdk.Verification.Rules;
using Ember.Sdk.Verification.Tables;

namespace Ember.Sdk.Verification.Fat;

/// <summary>Checks the boot sector, its backup and what else is reserved, and reads from it how the volume is divided.</summary>
internal sealed class FatBootCheck
{
    private const int MostClusters = 1 << 24;
    private const int Fat12Limit = 4085;
    private const int Fat16Limit = 65_525;
    private const int Margin = 16;
    private const int InfoSector = 1;
    private const int BackupSector = 6;
    private const int ExtendedLength = 26;

    private readonly PartitionEntry _partition;
    private readonly ImageBytes _image;
    private readonly Findings _findings;
    private readonly Place _place;
    private readonly byte[] _sector;
    private readonly bool _is32;

    private FatBootCheck(PartitionEntry partition, ImageBytes image, Findings findings)
    {
        _partition = partition;
        _image = image;
        _findings = findings;
        _place = PartitionCheck.PlaceOf(partition);
        _sector = image.Read(partition.Start, ImageBytes.SectorSize);
        _is32 = Word(22) == 0;
    }

    private int ExtendedOffset => _is32 ? 64 : 36;

    /// <summary>Checks a volume's reserved sectors.</summary>
    /// <returns>The volume; null when what it says makes it unreadable.</returns>
    public static FatVolume? Run(PartitionEntry partition, ImageBytes image, Findings findings)
    {
        FatBootCheck check = new(partition, image, findings);
        byte[] sector = check._sector;
        bool hasSignature = check.Require(sector[510] == 0x55 && sector[511] == 0xAA, FatRules.BootSignature, 510,
            $"it ends with {sector[510]:X2} {sector[511]:X2}");
        bool hasJump = check.Require(
            (sector[0] == 0xEB && sector[1] >= check.ExtendedOffset + ExtendedLength - 2 && sector[2] == 0x90) || sector[0] == 0xE9,
            FatRules.Jump, 0, $"it begins with {sector[0]:X2} {sector[1]:X2} {sector[2]:X2}");

        // With neither there is no volume, and whatever else could be said of it is noise.
        FatVolume? volume = hasSignature || hasJump ? check.ReadGeometry() : null;
        if (volume is not null)
        {
            check.CheckFields(volume);
            check.CheckReserved(volume);
        }

        return volume;
    }

    private FatVolume? ReadGeometry()
    {
        int perCluster = _sector[13];
        int reserved = Word(14);
        uint rootEntries = Word(17);
        uint sectors = Math.Max(Word(19), Long(32));
        long fatSectors = _is32 ? Long(36) : Word(22);
        bool isReadable = Require(Word(11) == ImageBytes.SectorSize, FatRules.SectorBytes, 11, $"they have {Word(11)}");
        Require(perCluster is > 0 and <= 64 && int.IsPow2(perCluster), FatRules.ClusterSize, 13, $"it has {perCluster} sectors");
        isReadable &= perCluster is > 0 and <= 128;
        isReadable &= Require(_sector[16] == FatVolume.Fats, FatRules.FatCount, 16, $"there are {_sector[16]}");
        Require(reserved >= (_is32 ? BackupSector + 2 : 1), FatRules.ReservedSectors, 14, $"there are {reserved}");
        Require(_is32 ? rootEntries == 0 : rootEntries != 0 && rootEntries % 16 == 0, FatRules.RootEntries, 17,
            $"it has {rootEntries} entries");
        Require(_is32 ? Word(19) == 0 && Long(32) != 0 : Word(19) == 0 != (Long(32) == 0), FatRules.SectorFields, 19,
            $"they are {Word(19)} and {Long(32)}");
        long partitionSectors = _partition.Length / ImageBytes.SectorSize;
        Require(sectors <= partitionSectors, FatRules.SectorCount, 32, $"it has {sectors} sectors and the partition {partitionSectors}");
        isReadable &= sectors <= partitionSectors && reserved != 0 && rootEntries % 16 == 0;
        long data = reserved + (FatVolume.Fats * fatSectors) + (rootEntries / 16);
        long clusters = perCluster == 0 ? 0 : (sectors - data) / perCluster;
        int bits = _is32 ? 32 : clusters < Fat12Limit ? 12 : 16;
        if (!isReadable
            || !Require(clusters > 0 && fatSectors * ImageBytes.SectorSize * 8 / bits >= clusters + FatVolume.FirstCluster,
                FatRules.FatLength, _is32 ? 36 : 22,
                $"FATs of {fatSectors} sectors, and {clusters} clusters")
            || !Require(clusters <= MostClusters, FatRules.Readable, 13, $"it has {clusters} clusters"))
        {
            return null;
        }

        bool isLegal = Require(_is32 == clusters >= Fat16Limit, FatRules.Clusters, 13, $"{clusters} clusters, and laid out as FAT{bits}");
        Require(Math.Abs(clusters - Fat12Limit) >= Margin && Math.Abs(clusters - Fat16Limit) >= Margin, FatRules.Margin, 13,
            $"it has {clusters}");
        uint root = _is32 ? Long(44) : 0;
        return _is32 || isLegal
            ? new FatVolume(
                _place, _partition.Start, bits, reserved, (int)fatSectors, (int)rootEntries, perCluster, (int)clusters, root,
                Long(ExtendedOffset + 3), ImageText.Of(_sector.AsSpan(ExtendedOffset + 7, 11)))
            : null;
    }

    private void CheckFields(FatVolume volume)
    {
        Require(_sector.AsSpan(3, 8).SequenceEqual("MSWIN4.1"u8), FatRules.OemName, 3, $"it is '{ImageText.Of(_sector.AsSpan(3, 8))}'");
        Require(_sector[21] == 0xF8, FatRules.Media, 21, $"it is {_sector[21]:X2}");
        Require(Long(28) == _partition.FirstLba, FatRules.HiddenSectors, 28,
            $"they are {Long(28)}, and the partition begins in sector {_partition.FirstLba}");
        ReadOnlySpan<byte> extended = _sector.AsSpan(ExtendedOffset);
        Require(extended[0] == 0x80 && extended[1] == 0 && extended[2] == 0x29, FatRules.Extended, ExtendedOffset,
            $"they are {extended[0]:X2} {extended[1]:X2} {extended[2]:X2}");
        string text = ImageText.Of(extended.Slice(18, 8));
        Require(text == $"FAT{volume.Bits}   ", FatRules.TypeText, ExtendedOffset + 18, $"it says '{text}', and is FAT{volume.Bits}");
        if (_is32)
        {
            Require(Long(40) == 0, FatRules.Mirroring, 40, $"the fields are {Word(40):X4} and {Word(42):X4}");
            Require(volume.RootCluster == FatVolume.FirstCluster, FatRules.RootCluster, 44, $"it begins in {volume.RootCluster}");
            Require(Word(48) == InfoSector && Word(50) == BackupSector, FatRules.InfoPlace, 48, $"they are in {Word(48)} and {Word(50)}");
            Require(!_sector.AsSpan(52, 12).ContainsAnyExcept((byte)0), FatRules.BootReserved, 52, $"they are not");
        }
    }

    private void CheckReserved(FatVolume volume)
    {
        int code = ExtendedOffset + ExtendedLength;
        Require(!_sector.AsSpan(code, 510 - code).ContainsAnyExcept((byte)0), FatRules.ReservedBytes, code, $"there is boot code");
        byte[] sectors = _image.Read(volume.Start, volume.ReservedSectors * ImageBytes.SectorSize);
        for (int i = 1; i < volume.ReservedSectors; i++)
        {
            bool isUsed = _is32 && i is InfoSector or BackupSector or BackupSector + InfoSector;
            ReadOnlySpan<byte> sector = sectors.AsSpan(i * ImageBytes.SectorSize, ImageBytes.SectorSize);
            Require(isUsed || !sector.ContainsAnyExcept((byte)0), FatRules.ReservedBytes, i * ImageBytes.SectorSize,
                $"sector {i} of the volume is not zero");
        }

        if (_is32 && volume.ReservedSectors >= BackupSector + 2)
        {
            CheckBackup(sectors);
        }
    }

    private void CheckBackup(ReadOnlySpan<byte> sectors)
    {
        ReadOnlySpan<byte> info = sectors.Slice(InfoSector * ImageBytes.SectorSize, ImageBytes.SectorSize);
        ReadOnlySpan<byte> backup = sectors.Slice(BackupSector * ImageBytes.SectorSize, ImageBytes.SectorSize);
        ReadOnlySpan<byte> backupInfo = sectors.Slice((BackupSector + InfoSector) * ImageBytes.SectorSize, ImageBytes.SectorSize);
        int same = backup.CommonPrefixLength(_sector);
        Require(same == ImageBytes.SectorSize, FatRules.BackupBoot, (BackupSector * ImageBytes.SectorSize) + same, $"byte {same} differs");
        same = backupInfo.CommonPrefixLength(info);
        Require(same == ImageBytes.SectorSize, FatRules.BackupInfo, ((BackupSector + InfoSector) * ImageBytes.SectorSize) + same,
            $"byte {same} differs");
        Require(
            BinaryPrimitives.ReadUInt32LittleEndian(info) == 0x41615252
            && BinaryPrimitives.ReadUInt32LittleEndian(info[484..]) == 0x61417272
            && BinaryPrimitives.ReadUInt32LittleEndian(info[508..]) == 0xAA550000,
            FatRules.InfoSignatures, InfoSector * ImageBytes.SectorSize, $"one is missing");
        Require(
            !info[4..484].ContainsAnyExcept((byte)0) && !info[496..508].ContainsAnyExcept((byte)0),
            FatRules.InfoReserved, InfoSector * ImageBytes.SectorSize, $"they are not");
    }

    private bool Require(bool holds, Rule rule, int offset, FormattableString what) =>
        _findings.Require(holds, rule, _place.At(_partition.Start + offset), what);

    private ushort Word(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_sector.AsSpan(offset));

    private uint Long(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_sector.AsSpan(offset));
}
