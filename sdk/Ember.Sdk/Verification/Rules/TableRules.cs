namespace Ember.Sdk.Verification.Rules;

/// <summary>Rules of protective MBR and GUID partition table (UEFI specification 2.10, section 5).</summary>
internal static class TableRules
{
    public static readonly Rule MbrSignature = Rule.Error("MBR-01", "Sector 0 ends with 55 AA");
    public static readonly Rule MbrProtective = Rule.Error("MBR-02", "The first record has type EE and begins in sector 1");
    public static readonly Rule MbrSize = Rule.Error("MBR-03", "The first record reaches to the end of the image");
    public static readonly Rule MbrChs =
        Rule.Error("MBR-04", "The first record's cylinders, heads and sectors are those of its start and end");
    public static readonly Rule MbrOthers = Rule.Error("MBR-05", "The other three records are zero");
    public static readonly Rule MbrActive = Rule.Error("MBR-06", "The first record is not marked as active");
    public static readonly Rule MbrCode = Rule.Warning("MBR-07", "No boot code and no disk signature lie before the records");

    public static readonly Rule Signature = Rule.Error("GPT-01", "A header begins with 'EFI PART'");
    public static readonly Rule Revision = Rule.Error("GPT-02", "A header has revision 1.0");
    public static readonly Rule HeaderSize = Rule.Error("GPT-03", "A header says that it is 92 bytes long");
    public static readonly Rule HeaderCrc = Rule.Error("GPT-04", "A header's CRC-32 is right");
    public static readonly Rule Reserved = Rule.Error("GPT-05", "A header's reserved field is zero");
    public static readonly Rule Rest = Rule.Error("GPT-06", "The rest of a header's sector is zero");
    public static readonly Rule MyLba = Rule.Error("GPT-07", "A header names its own sector");
    public static readonly Rule AlternateLba =
        Rule.Error("GPT-08", "A header names the sector of the other: the backup is in the last sector");
    public static readonly Rule Usable = Rule.Error("GPT-09", "Both headers name as usable what both tables leave");
    public static readonly Rule EntriesLba = Rule.Error("GPT-10", "The entries follow the primary header and precede the backup");
    public static readonly Rule EntryArray = Rule.Error("GPT-11", "There are 128 entries of 128 bytes");
    public static readonly Rule EntriesCrc = Rule.Error("GPT-12", "The CRC-32 of the entries is right");
    public static readonly Rule DiskId = Rule.Error("GPT-13", "Both headers have the same disk identifier, and it is not zero");
    public static readonly Rule SameEntries = Rule.Error("GPT-14", "Both arrays of entries are the same");

    public static readonly Rule UnusedEntry = Rule.Error("PART-01", "Entries that are not in use are zero");
    public static readonly Rule EntryOrder = Rule.Error("PART-02", "Partitions are numbered without gaps, in the order in which they lie");
    public static readonly Rule UniqueId = Rule.Error("PART-03", "Every partition has an identifier of its own, which is not zero");
    public static readonly Rule Bounds = Rule.Error("PART-04", "A partition begins before its end, within the usable sectors");
    public static readonly Rule Overlap = Rule.Error("PART-05", "Partitions do not overlap");
    public static readonly Rule Alignment = Rule.Error("PART-06", "A partition begins at a whole MiB and is whole MiB long");
    public static readonly Rule Name =
        Rule.Error("PART-07", "The four partitions are named EFI system partition, BANK-A, BANK-B and STATE");
    public static readonly Rule NameEnd = Rule.Error("PART-08", "Behind the end of a name there are zeros");
    public static readonly Rule Type =
        Rule.Error("PART-09", "The four partitions have the types of an EFI system partition, basic data twice, and Ember's state");
    public static readonly Rule Attributes = Rule.Error("PART-10", "No attribute is set");
    public static readonly Rule PartitionCount = Rule.Error("PART-11", "There are four partitions");
    public static readonly Rule SameBanks =
        Rule.Warning("PART-12", "Both banks are equally long", "make the banks equally long, so that an update fits into either");
    public static readonly Rule Gaps = Rule.Warning("PART-13", "What belongs to no partition is zero");
}
