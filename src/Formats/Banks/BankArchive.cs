using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Fields;
using Ember.Formats.Signatures;

namespace Ember.Formats.Banks;

/// <summary>A bank in one piece, read where it lies: the section <see cref="SectionName"/> of a loader.</summary>
public readonly ref struct BankArchive
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _manifestLength;
    private readonly int _signatureLength;

    private BankArchive(ReadOnlySpan<byte> bytes, int manifestLength, int signatureLength)
    {
        _bytes = bytes;
        _manifestLength = manifestLength;
        _signatureLength = signatureLength;
    }

    /// <summary>The name of the loader's section.</summary>
    public static ReadOnlySpan<byte> SectionName => ".bank"u8;

    /// <summary>Reads an archive. Whether its manifest is one, and signed, is not looked at.</summary>
    /// <param name="bytes">The section, from anywhere: nothing in it is believed.</param>
    /// <param name="archive">The archive, over <paramref name="bytes"/>.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BankArchive archive)
    {
        archive = default;
        if (bytes.Length < ArchiveHeader.Size)
        {
            return false;
        }

        ref readonly ArchiveHeader header = ref Unsafe.As<byte, ArchiveHeader>(ref MemoryMarshal.GetReference(bytes));
        if (header.Magic != ArchiveHeader.MagicValue || header.ManifestLength > BankManifestHeader.MaximumLength
            || header.SignatureLength > BankSignature.MaximumSize
            || ArchiveHeader.Size + header.ManifestLength + header.SignatureLength > (uint)bytes.Length)
        {
            return false;
        }

        archive = new BankArchive(bytes, (int)header.ManifestLength, (int)header.SignatureLength);
        return true;
    }

    /// <summary>Finds a file.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>False when there is none of that name, or not as much of it as the manifest says.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        ReadOnlySpan<byte> manifestBytes = _bytes.Slice(ArchiveHeader.Size, _manifestLength);
        content = manifestBytes;
        if (FieldText.AreEqual(name, FlashLayout.ManifestFile))
        {
            return true;
        }

        content = _bytes.Slice(ArchiveHeader.Size + _manifestLength, _signatureLength);
        if (FieldText.AreEqual(name, FlashLayout.SignatureFile))
        {
            return true;
        }

        content = default;
        ulong start = ArchiveHeader.Size + (ulong)_manifestLength + (ulong)_signatureLength;
        if (BankManifest.TryRead(manifestBytes, out BankManifest manifest) != BankManifestStatus.Good)
        {
            return false;
        }

        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            if (file.Kind == BankFileKind.Document)
            {
                continue;
            }

            start = (start + ArchiveHeader.FileAlignment - 1) & ~(ArchiveHeader.FileAlignment - 1UL);
            if (FieldText.AreEqual(BankManifest.NameOf(in file), name))
            {
                bool whole = start + file.Length <= (ulong)_bytes.Length;
                content = whole ? _bytes.Slice((int)start, (int)file.Length) : default;
                return whole;
            }

            start += file.Length;
        }

        return false;
    }
}
