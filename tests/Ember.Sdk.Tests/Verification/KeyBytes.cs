using System;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Ember.Sdk.Fat;
using Ember.Sdk.Tests.Images;

namespace Ember.Sdk.Tests.Verification;

/// <summary>The bytes of a key's image, and where things are in them.</summary>
internal sealed class KeyBytes(byte[] bytes)
{
    public const int Sector = 512;
    public const int Esp = 1 << 20;
    public const int BankA = 34 << 20;
    public const int BankB = 38 << 20;
    public const int State = 42 << 20;
    public const int Length = 44 << 20;
    public const int EndOfChain16 = 0xFFFF;

    private const int EntryArray = 128 * 128;
    private const int Backup = Length - Sector;

    public byte[] Bytes { get; } = bytes;

    public static FatGeometry EspGeometry { get; } = FatGeometry.ForVolume(33 * ImageFixture.MiB / Sector, FatType.Fat32)!.Value;

    public static FatGeometry BankGeometry { get; } = FatGeometry.ForVolume(4 * ImageFixture.MiB / Sector, null)!.Value;

    public KeyBytes Byte(int offset, int value)
    {
        Bytes[offset] = (byte)value;
        return this;
    }

    public KeyBytes Word(int offset, int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes.AsSpan(offset), (ushort)value);
        return this;
    }

    public KeyBytes Long(int offset, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(offset), (uint)value);
        return this;
    }

    /// <summary>Changes both headers, or one of them, and makes the checksums right.</summary>
    public KeyBytes Header(int offset, long value, bool isBackup = false, int width = 4)
    {
        int at = (isBackup ? Backup : Sector) + offset;
        _ = width == 8 ? Long(at, value).Long(at + 4, value >> 32) : Long(at, value);
        return Sum();
    }

    /// <summary>Changes an entry in both arrays, and makes the checksums right.</summary>
    public KeyBytes Entry(int number, int offset, params byte[] values)
    {
        foreach (int array in (int[])[2 * Sector, Backup - EntryArray])
        {
            values.CopyTo(Bytes, array + ((number - 1) * 128) + offset);
        }

        return Sum();
    }

    public byte[] ReadEntry(int number, int offset, int count) =>
        Bytes.AsSpan((2 * Sector) + ((number - 1) * 128) + offset, count).ToArray();

    /// <summary>Changes boot sector and backup of the EFI system partition.</summary>
    public KeyBytes Boot32(int offset, params byte[] values)
    {
        values.CopyTo(Bytes, Esp + offset);
        values.CopyTo(Bytes, Esp + (6 * Sector) + offset);
        return this;
    }

    /// <summary>Changes both FATs of bank A.</summary>
    public KeyBytes Fat16(int cluster, int value) =>
        Word(Fat16At(0, cluster), value).Word(Fat16At(1, cluster), value);

    public static int Fat16At(int copy, int cluster) => BankA + (int)(BankGeometry.FatSector(copy) * Sector) + (cluster * 2);

    /// <summary>Changes both FATs of the EFI system partition.</summary>
    public KeyBytes Fat32(int cluster, long value) => Long(Fat32At(0, cluster), value).Long(Fat32At(1, cluster), value);

    public static int Fat32At(int copy, int cluster) => Esp + (int)(EspGeometry.FatSector(copy) * Sector) + (cluster * 4);

    /// <summary>Where the entry of a short name lies in a partition; the first that there is.</summary>
    public int Find(int partition, string shortName)
    {
        FatGeometry geometry = partition == Esp ? EspGeometry : BankGeometry;
        byte[] name = Encoding.ASCII.GetBytes(shortName);
        int at = partition + (int)(geometry.RootSector * Sector);
        while (!Bytes.AsSpan(at, name.Length).SequenceEqual(name))
        {
            at += 32;
        }

        return at;
    }

    /// <summary>The first cluster of an entry of bank A.</summary>
    public int Cluster(string shortName) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(Find(BankA, shortName) + 26));

    /// <summary>Where the bytes of a file of bank A are.</summary>
    public int Content(string shortName) => BankA + (int)BankGeometry.ClusterOffset((uint)Cluster(shortName));

    /// <summary>The end of bank A's root folder: the first entry not in use.</summary>
    public int EndOfRoot()
    {
        int at = BankA + (int)(BankGeometry.RootSector * Sector);
        while (Bytes[at] != 0)
        {
            at += 32;
        }

        return at;
    }

    private KeyBytes Sum()
    {
        foreach ((int header, int array) in ((int, int)[])[(Sector, 2 * Sector), (Backup, Backup - EntryArray)])
        {
            Long(header + 88, Crc32.HashToUInt32(Bytes.AsSpan(array, EntryArray)));
            Long(header + 16, 0);
            Long(header + 16, Crc32.HashToUInt32(Bytes.AsSpan(header, 92)));
        }

        return this;
    }
}
