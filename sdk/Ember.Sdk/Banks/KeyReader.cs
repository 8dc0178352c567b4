using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Media;
using Ember.Sdk.Pe;

namespace Ember.Sdk.Banks;

/// <summary>Finds on a key, or an image of one, what an update has to know.</summary>
/// <param name="medium">The key.</param>
/// <param name="name">What messages call it.</param>
public sealed class KeyReader(ISectorMedium medium, string name)
{
    private readonly GptTable _table = ReadTable(medium, name);

    /// <summary>Where a bank begins, in bytes.</summary>
    public long BankOffset(BankSlot slot) => Bank(slot).FirstLba * GptTable.SectorSize;

    /// <summary>Bytes of a bank's partition.</summary>
    public long BankLength(BankSlot slot) => Bank(slot).SectorCount * GptTable.SectorSize;

    /// <summary>Where a copy of the banks' state lies, in bytes.</summary>
    /// <param name="second">Which copy.</param>
    public long StateOffset(bool second)
    {
        GptPartition partition = Find(KeyLayout.StateName);
        long offset = partition.FirstLba * GptTable.SectorSize;
        return second ? offset + BankStateWriter.SecondCopy((int)(partition.SectorCount * GptTable.SectorSize)) : offset;
    }

    /// <summary>Reads the banks' state.</summary>
    /// <param name="writeSecond">Whether the next change has to be written over the second copy.</param>
    /// <exception cref="EmberException">There is none (exit code 1).</exception>
    public BankState ReadState(out bool writeSecond)
    {
        byte[] first = new byte[BankState.Size];
        byte[] second = new byte[BankState.Size];
        medium.Read(StateOffset(second: false), first);
        medium.Read(StateOffset(second: true), second);
        return BankState.TryReadNewest(first, second, out BankState state, out writeSecond)
            ? state
            : throw new EmberException(ErrorKind.Checked, $"{name}: the state of the banks is damaged; write the key again");
    }

    /// <summary>The vendor's key that the loader trusts: the content of its section.</summary>
    /// <exception cref="EmberException">The loader is missing or damaged (exit code 1).</exception>
    public byte[] ReadVendorKey()
    {
        GptPartition partition = Find(KeyLayout.EspName);
        PeImage loader = PeImage.Parse(
            $"{name}: {FlashLayout.LoaderPath}", Open(partition).ReadFile(FlashLayout.LoaderPath));
        PeSection section = loader.Sections.FirstOrDefault(
            section => section.Name == Encoding.ASCII.GetString(RsaPublicKey.SectionName))
            ?? throw new EmberException(ErrorKind.Checked, $"{loader.Path}: holds no vendor's key; it is no loader of Ember's");
        return loader.Bytes.AsSpan((int)section.FileOffset, (int)Math.Min(section.FileSize, section.VirtualSize)).ToArray();
    }

    /// <summary>A file of a bank; null when there is none, or the bank's file system is damaged.</summary>
    public byte[]? TryReadFile(BankSlot slot, string file)
    {
        try
        {
            FatReader volume = Open(Bank(slot));
            return volume.Entries.Any(entry => !entry.IsDirectory && entry.Path == file) ? volume.ReadFile(file) : null;
        }
        catch (ImageException)
        {
            return null;
        }
    }

    /// <summary>Whether the loader would start a bank: its manifest is signed with the vendor's key, and every file is as it says.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="vendorKey">What <see cref="ReadVendorKey"/> returned.</param>
    public bool Verifies(BankSlot slot, ReadOnlySpan<byte> vendorKey)
    {
        byte[]? bytes = TryReadFile(slot, BankNames.Manifest);
        byte[]? signatureBytes = TryReadFile(slot, BankNames.Signature);
        if (bytes is null || signatureBytes is null
            || RsaPublicKey.TryRead(vendorKey, out RsaPublicKey key) != SignatureStatus.Good
            || BankSignature.TryRead(signatureBytes, out BankSignature signature) != SignatureStatus.Good
            || signature.Verify(in key, SHA256.HashData(bytes)) != SignatureStatus.Good
            || BankManifest.TryRead(bytes, out BankManifest manifest) != BankManifestStatus.Good)
        {
            return false;
        }

        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            if (file.Kind != BankFileKind.Document
                && (TryReadFile(slot, Encoding.ASCII.GetString(BankManifest.NameOf(in file))) is not { } content
                    || !SHA256.HashData(content).AsSpan().SequenceEqual(file.Sha256)))
            {
                return false;
            }
        }

        return true;
    }

    private static GptTable ReadTable(ISectorMedium medium, string name)
    {
        try
        {
            return GptReader.Read(new MediumStream(medium));
        }
        catch (ImageException e)
        {
            throw new EmberException(e.Kind, $"{name}: {e.Message}", e);
        }
    }

    private FatReader Open(GptPartition partition) => FatReader.Open(
        new MediumStream(medium), partition.FirstLba * GptTable.SectorSize, partition.SectorCount * GptTable.SectorSize);

    private GptPartition Bank(BankSlot slot) => Find(slot == BankSlot.A ? KeyLayout.BankAName : KeyLayout.BankBName);

    private GptPartition Find(string partition) =>
        _table.Partitions.FirstOrDefault(candidate => candidate.Name == partition)
        ?? throw new EmberException(ErrorKind.Input, $"{name}: no key of Ember's: it has no partition '{partition}'");
}
