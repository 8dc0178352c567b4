namespace Ember.Sdk.Verification.Rules;

/// <summary>Rules of FAT volumes (Microsoft, FAT: General Overview of On-Disk Format 1.03).</summary>
internal static class FatRules
{
    private const string Repair = "write the volume anew, or mend it with fsck.fat";

    public static readonly Rule BootSignature = Rule.Error("FAT-01", "The boot sector ends with 55 AA");
    public static readonly Rule Jump = Rule.Error("FAT-02", "The boot sector begins with a jump");
    public static readonly Rule OemName = Rule.Warning("FAT-03", "The OEM name is MSWIN4.1, which some drivers look for");
    public static readonly Rule SectorBytes = Rule.Error("FAT-04", "Sectors have 512 bytes");
    public static readonly Rule ClusterSize = Rule.Error("FAT-05", "A cluster has a power of two of sectors, and 32 KiB at most");
    public static readonly Rule ReservedSectors =
        Rule.Error("FAT-06", "There is a reserved sector, and with FAT32 room for the backup boot sector");
    public static readonly Rule FatCount = Rule.Error("FAT-07", "There are two FATs");
    public static readonly Rule RootEntries =
        Rule.Error("FAT-08", "The root folder of FAT12 and FAT16 fills whole sectors; FAT32 has none before its clusters");
    public static readonly Rule SectorFields = Rule.Error("FAT-09", "One of both fields counts the sectors, with FAT32 the longer one");
    public static readonly Rule SectorCount = Rule.Error("FAT-10", "The volume is no longer than its partition");
    public static readonly Rule Media = Rule.Error("FAT-11", "The media byte is F8");
    public static readonly Rule FatLength = Rule.Error("FAT-12", "A FAT has an entry for each cluster, and leaves room for clusters");
    public static readonly Rule HiddenSectors = Rule.Error("FAT-13", "The hidden sectors are those before the partition");
    public static readonly Rule Extended = Rule.Error("FAT-14", "The drive is 80, the extended signature 29, and the field between zero");
    public static readonly Rule TypeText = Rule.Error("FAT-15", "The boot sector names the type that the number of clusters makes");
    public static readonly Rule Clusters =
        Rule.Error("FAT-16", "The number of clusters is one of the type that the boot sector is laid out for",
            "choose other lengths of partition or cluster: firmware would take the volume for another type");
    public static readonly Rule Margin =
        Rule.Warning("FAT-17", "The number of clusters is not within 16 of a limit between types",
            "make the partition a little longer: some drivers are off by a few");
    public static readonly Rule Mirroring = Rule.Error("FAT-18", "Both FATs of FAT32 are in use, and its version is 0.0");
    public static readonly Rule RootCluster = Rule.Error("FAT-19", "The root folder of FAT32 begins in cluster 2");
    public static readonly Rule InfoPlace = Rule.Error("FAT-20", "FSInfo is in sector 1 and the backup boot sector in sector 6");
    public static readonly Rule BootReserved = Rule.Error("FAT-21", "Reserved bytes of the boot sector are zero");
    public static readonly Rule InfoSignatures = Rule.Error("FAT-22", "FSInfo has its three signatures");
    public static readonly Rule InfoReserved = Rule.Error("FAT-23", "Reserved bytes of FSInfo are zero");
    public static readonly Rule FreeCount = Rule.Error("FAT-24", "FSInfo counts the free clusters rightly", Repair);
    public static readonly Rule NextFree = Rule.Error("FAT-25", "FSInfo names a free cluster to begin a search with", Repair);
    public static readonly Rule BackupBoot = Rule.Error("FAT-26", "The backup boot sector is the boot sector", Repair);
    public static readonly Rule BackupInfo = Rule.Warning("FAT-27", "The backup of FSInfo is the same", Repair);
    public static readonly Rule ReservedBytes = Rule.Warning("FAT-28", "Other reserved sectors, and the place of the boot code, are zero");
    public static readonly Rule MediaEntry = Rule.Error("FAT-29", "Entry 0 of the FAT has the media byte", Repair);
    public static readonly Rule EndEntry =
        Rule.Error("FAT-30", "Entry 1 of the FAT has all bits set but those that tell of trouble", Repair);
    public static readonly Rule Dirty = Rule.Warning("FAT-31", "The volume is not marked as left open or as failing", Repair);
    public static readonly Rule SameFats = Rule.Error("FAT-32", "Both FATs are the same", Repair);
    public static readonly Rule BehindLast = Rule.Warning("FAT-33", "Entries behind the last cluster are zero");
    public static readonly Rule UpperBits = Rule.Warning("FAT-34", "The upper four bits of FAT32's entries are zero");
    public static readonly Rule ChainRange = Rule.Error("FAT-35", "A chain stays within the volume");
    public static readonly Rule ChainLoop = Rule.Error("FAT-36", "A chain has an end");
    public static readonly Rule ChainCrossing = Rule.Error("FAT-37", "A cluster belongs to one file or folder");
    public static readonly Rule ChainFree = Rule.Error("FAT-38", "No cluster of a chain is marked as free");
    public static readonly Rule ChainBad = Rule.Error("FAT-39", "No cluster of a chain is marked as bad");
    public static readonly Rule Orphans = Rule.Error("FAT-40", "Every cluster in use belongs to a file or folder", Repair);
    public static readonly Rule BadClusters =
        Rule.Warning("FAT-41", "No cluster is marked as bad", "write the image to another medium if it is one that fails");
    public static readonly Rule ChainShort = Rule.Error("FAT-42", "A file has as many clusters as its length takes: not fewer");
    public static readonly Rule ChainLong = Rule.Error("FAT-43", "A file has as many clusters as its length takes: not more", Repair);
    public static readonly Rule EmptyFile = Rule.Error("FAT-44", "An empty file has no cluster", Repair);
    public static readonly Rule Serial = Rule.Warning("FAT-45", "Every volume has a serial number of its own, which is not zero");
    public static readonly Rule Readable =
        Rule.Error("FAT-46", "The volume has at most 16,777,216 clusters, 100,000 files and folders, and 32 levels",
            "use fewer of them: this reader takes no more");

    public static readonly Rule ShortName = Rule.Error("DIR-01", "A short name has only characters that it may have");
    public static readonly Rule ShortTaken = Rule.Error("DIR-02", "No two entries of a folder have one short name");
    public static readonly Rule LongChecksum = Rule.Error("DIR-03", "A long name's checksum is that of its short name");
    public static readonly Rule LongOrder = Rule.Error("DIR-04", "The pieces of a long name lie in order and are complete");
    public static readonly Rule LongOrphan = Rule.Error("DIR-05", "A long name is followed by its short name", Repair);
    public static readonly Rule LongText =
        Rule.Error("DIR-06", "A long name has only characters that it may have, and is ended and filled up as it must be");
    public static readonly Rule LongTaken = Rule.Error("DIR-07", "No two entries of a folder have names that differ in case alone");
    public static readonly Rule LongFields = Rule.Error("DIR-08", "Type and cluster of a long name's piece are zero");
    public static readonly Rule Self = Rule.Error("DIR-09", "A folder begins with '.', its own first cluster, and no other has it");
    public static readonly Rule Parent =
        Rule.Error("DIR-10", "A folder goes on with '..', the first cluster of the folder it is in, and no other has it");
    public static readonly Rule FolderLength = Rule.Error("DIR-11", "The length of a folder is zero, and it has a cluster");
    public static readonly Rule Attributes = Rule.Error("DIR-12", "Attributes are ones that there are and that go together");
    public static readonly Rule Times = Rule.Error("DIR-13", "Times are ones that there are");
    public static readonly Rule BehindEnd = Rule.Error("DIR-14", "Behind the end of a folder everything is zero");
    public static readonly Rule Deleted = Rule.Warning("DIR-15", "No entry is a deleted one");
    public static readonly Rule FolderSize = Rule.Error("DIR-16", "A folder has at most 65,536 entries");
    public static readonly Rule Label = Rule.Error("DIR-17", "The root folder has one label, the boot sector's; a bank's is EMBER BANK");
    public static readonly Rule LabelPlace = Rule.Error("DIR-18", "Labels are in the root folder, without length and cluster");
    public static readonly Rule CaseByte = Rule.Error("DIR-19", "No reserved bit of the case byte is set");
}
