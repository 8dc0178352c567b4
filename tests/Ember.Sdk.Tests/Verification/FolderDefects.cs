using System;
using System.Collections.Generic;
using static Ember.Sdk.Tests.Verification.KeyBytes;
using static Ember.Sdk.Tests.Verification.PlantedDefect;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Defects of folders.</summary>
internal static class FolderDefects
{
    private const string Core = "CORE    EFI";
    private const string Kernel = "VMLINUZ    ";
    private const string Boot = "BOOT       ";
    private const string Label = "EMBER BANK ";
    private const int Entry = 32;

    public static IEnumerable<PlantedDefect> All =>
    [
        InBytes("a lower-case letter in a short name", "DIR-01", key => key.Byte(key.Find(BankA, Core), (byte)'c')),
        InBytes("a space at the start of a short name", "DIR-01", key => key.Byte(key.Find(BankA, Core), (byte)' ')),
        InBytes("a control character in a short name", "DIR-01", key => key.Byte(key.Find(BankA, Core) + 2, 7)),
        InBytes("two entries of one short name", "DIR-02", key =>
            key.Bytes.AsSpan(key.Find(BankA, Core), 11).CopyTo(key.Bytes.AsSpan(key.Find(BankA, Kernel)))),
        InBytes("a long name with the checksum of another", "DIR-03", key =>
            key.Byte(key.Find(BankA, Core) - Entry + 13, key.Bytes[key.Find(BankA, Core) - Entry + 13] ^ 1)),
        InBytes("a long name whose first piece is missing", "DIR-04", key => key.Byte(key.Find(BankA, Core) - Entry, 0x42)),
        InBytes("a long name of 31 pieces", "DIR-04", key => key.Byte(key.Find(BankA, Core) - Entry, 0x5F)),
        InBytes("pieces of a long name exchanged", "DIR-04", key =>
            Exchange(key, key.Find(BankA, "APPLIA~1PLA") - (2 * Entry), key.Find(BankA, "APPLIA~1PLA") - Entry)),
        InBytes("a long name without its short name", "DIR-05", key => key.Byte(key.Find(BankA, Core), 0xE5)),
        InBytes("a long name at the end of a folder", "DIR-05", key =>
        {
            int end = key.EndOfRoot();
            key.Bytes.AsSpan(key.Find(BankA, Core) - Entry, Entry).CopyTo(key.Bytes.AsSpan(end));
        }),
        InBytes("a colon in a long name", "DIR-06", key => key.Byte(key.Find(BankA, Core) - Entry + 3, (byte)':')),
        InBytes("a long name filled up with zeros", "DIR-06", key => key.Word(key.Find(BankA, Core) - Entry + 30, 0)),
        InBytes("two names that differ in case alone", "DIR-07", key => Copy(key, key.Find(BankA, Core) - Entry, key.EndOfRoot(), 2)),
        InBytes("a long name with a cluster", "DIR-08", key => key.Word(key.Find(BankA, Core) - Entry + 26, 5)),
        InBytes("'.' leads elsewhere", "DIR-09", key => key.Word(key.Find(Esp, ".          ") + 26, 9)),
        InBytes("a folder without '.'", "DIR-09", key => key.Byte(key.Find(Esp, ".          "), (byte)'A')),
        InBytes("'..' leads elsewhere", "DIR-10", key => key.Word(key.Find(Esp, "..         ") + 26, 9)),
        InBytes("'..' of the first level leads to cluster 2", "DIR-10", key => key.Word(key.Find(Esp, "..         ") + 26, 2)),
        InBytes("a folder with a length", "DIR-11", key => key.Long(key.Find(Esp, Boot) + 28, 512)),
        InBytes("a folder without a cluster", "DIR-11", key => key.Word(key.Find(Esp, Boot) + 26, 0)),
        InBytes("a reserved attribute", "DIR-12", key => key.Byte(key.Find(BankA, Core) + 11, 0xA0)),
        InBytes("a folder that is a label", "DIR-12", key => key.Byte(key.Find(BankA, Core) + 11, 0x18)),
        InBytes("month 13", "DIR-13", key => key.Word(key.Find(BankA, Core) + 24, 13 << 5 | 1)),
        InBytes("30 February", "DIR-13", key => key.Word(key.Find(BankA, Core) + 16, 2 << 5 | 30)),
        InBytes("25 o'clock", "DIR-13", key => key.Word(key.Find(BankA, Core) + 22, 25 << 11)),
        InBytes("2 seconds in hundredths", "DIR-13", key => key.Byte(key.Find(BankA, Core) + 13, 200)),
        InBytes("something behind the end of the root folder", "DIR-14", key => key.Byte(key.EndOfRoot() + Entry + 5, 1)),
        InBytes("a file behind the end of the root folder", "DIR-14", key => Copy(key, key.Find(BankA, Core), key.EndOfRoot() + Entry, 1)),
        InBytes("a deleted file", "DIR-15", key =>
            Copy(key, key.Find(BankA, Core), key.EndOfRoot(), 1).Byte(key.EndOfRoot() - Entry, 0xE5)),
        InBytes("a root folder of 2 MiB and more", "DIR-16", key =>
        {
            for (int cluster = 2; cluster < 5000; cluster++)
            {
                key.Fat32(cluster, cluster + 1);
            }
        }),
        InBytes("no label in the root folder", "DIR-17", key => key.Byte(key.Find(BankA, Label), 0xE5)),
        InBytes("another label in the boot sector", "DIR-17", key => key.Byte(BankA + 43 + 5, (byte)'B')),
        InBytes("two labels", "DIR-17", key => Copy(key, key.Find(BankA, Label), key.EndOfRoot(), 1)),
        InBytes("a bank with another label", "DIR-17", key =>
            key.Byte(key.Find(BankA, Label) + 5, (byte)'X').Byte(BankA + 43 + 5, (byte)'X')),
        InBytes("a label with a length", "DIR-18", key => key.Long(key.Find(BankA, Label) + 28, 1)),
        InBytes("a label in a folder", "DIR-18", key => key.Byte(key.Find(Esp, Boot) + 11, 0x08)),
        InBytes("reserved case bits", "DIR-19", key => key.Byte(key.Find(BankA, Core) + 12, 0x20)),
    ];

    private static void Exchange(KeyBytes key, int one, int other)
    {
        byte[] kept = key.Bytes.AsSpan(one, Entry).ToArray();
        key.Bytes.AsSpan(other, Entry).CopyTo(key.Bytes.AsSpan(one));
        kept.CopyTo(key.Bytes, other);
    }

    private static KeyBytes Copy(KeyBytes key, int from, int to, int entries)
    {
        key.Bytes.AsSpan(from, entries * Entry).CopyTo(key.Bytes.AsSpan(to));
        return key;
    }
}
