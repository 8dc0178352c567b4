using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Banks;

/// <summary>The manifest of a bank, read where it lies. <see cref="TryRead"/> checks everything once; what the accessors return
/// needs no further check.</summary>
public readonly unsafe ref struct BankManifest
{
    private readonly ReadOnlySpan<byte> _bytes;

    private BankManifest(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The header.</summary>
    public ref readonly BankManifestHeader Header => ref At<BankManifestHeader>(0);

    /// <summary>Entries of the file table.</summary>
    public int FileCount => (int)Header.FileCount;

    /// <summary>Reads a manifest. Whether it is signed is not looked at.</summary>
    /// <param name="bytes">The whole file, from anywhere: nothing in it is believed.</param>
    /// <param name="manifest">The manifest, over <paramref name="bytes"/>, when the status is <see cref="BankManifestStatus.Good"/>;
    /// otherwise empty and not to be used.</param>
    public static BankManifestStatus TryRead(ReadOnlySpan<byte> bytes, out BankManifest manifest)
    {
        BankManifest candidate = new(bytes);
        BankManifestStatus status = candidate.CheckHeader();
        int cores = 0;
        int plans = 0;
        for (int i = 0; status == BankManifestStatus.Good && i < candidate.FileCount; i++)
        {
            status = candidate.CheckFile(i);
            cores += candidate.File(i).Kind == BankFileKind.Core ? 1 : 0;
            plans += candidate.File(i).Kind == BankFileKind.Plan ? 1 : 0;
        }

        if (status == BankManifestStatus.Good && cores != 1)
        {
            status = BankManifestStatus.CoreCountInvalid;
        }

        if (status == BankManifestStatus.Good && plans != 1)
        {
            status = BankManifestStatus.PlanCountInvalid;
        }

        manifest = status == BankManifestStatus.Good ? candidate : default;
        return status;
    }

    /// <summary>An entry of the file table.</summary>
    /// <param name="index">0 to <see cref="FileCount"/> - 1.</param>
    public ref readonly BankFile File(int index) => ref At<BankFile>(BankManifestHeader.Size + (index * BankFile.Size));

    /// <summary>The entry with a name; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < FileCount; i++)
        {
            if (FieldText.AreEqual(NameOf(in File(i)), name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The first entry of a kind; every manifest has one of the core and of the plan.</summary>
    /// <returns>-1 when there is none.</returns>
    public int Find(BankFileKind kind)
    {
        for (int i = 0; i < FileCount; i++)
        {
            if (File(i).Kind == kind)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A file's name, ASCII.</summary>
    public static ReadOnlySpan<byte> NameOf(in BankFile file) => FieldText.BeforeZero(file.Name);

    /// <summary>The product's name, ASCII.</summary>
    public static ReadOnlySpan<byte> ProductOf(in BankManifestHeader header) => FieldText.BeforeZero(header.Product);

    /// <summary>The product's version, ASCII.</summary>
    public static ReadOnlySpan<byte> ProductVersionOf(in BankManifestHeader header) => FieldText.BeforeZero(header.ProductVersion);

    /// <summary>Whether two banks are of the same vendor's same product: one may be an update of the other.</summary>
    public static bool AreSameProduct(in BankManifestHeader left, in BankManifestHeader right) =>
        FieldText.AreEqual(left.Product, right.Product) && FieldText.AreEqual(left.Vendor, right.Vendor);

    private BankManifestStatus CheckHeader()
    {
        if (_bytes.Length < BankManifestHeader.Size)
        {
            return BankManifestStatus.TooShort;
        }

        ref readonly BankManifestHeader header = ref Header;
        if (header.Magic != BankManifestHeader.MagicValue)
        {
            return BankManifestStatus.MagicDiffers;
        }

        if (header.Version != BankManifestHeader.CurrentVersion)
        {
            return BankManifestStatus.VersionUnknown;
        }

        if (header.FileCount is < 2 or > BankManifestHeader.MaximumFileCount)
        {
            return BankManifestStatus.FileCountInvalid;
        }

        if (header.TotalLength != (uint)_bytes.Length
            || header.TotalLength != BankManifestHeader.Size + (header.FileCount * BankFile.Size))
        {
            return BankManifestStatus.LengthDiffers;
        }

        if (!header.IsReservedZero || (header.Flags & ~BankManifestHeader.KnownFlags) != 0
            || !FieldText.IsZero(_bytes.Slice(
                BankManifestHeader.ReservedOffset, BankManifestHeader.Size - BankManifestHeader.ReservedOffset)))
        {
            return BankManifestStatus.HeaderReserved;
        }

        return FieldText.IsText(header.Product) && FieldText.IsText(header.ProductVersion) && FieldText.IsText(header.Vendor)
            ? BankManifestStatus.Good
            : BankManifestStatus.ProductInvalid;
    }

    private BankManifestStatus CheckFile(int index)
    {
        ref readonly BankFile file = ref File(index);
        if (!FieldText.IsTerminated(file.Name) || !FieldText.IsFileName(NameOf(in file)))
        {
            return BankManifestStatus.FileNameInvalid;
        }

        if (IsNameTaken(index))
        {
            return BankManifestStatus.FileNameTaken;
        }

        if (file.Length is 0 or > BankFile.MaximumLength)
        {
            return BankManifestStatus.FileLengthInvalid;
        }

        if (file.Kind is < BankFileKind.Core or > BankFileKind.Logo)
        {
            return BankManifestStatus.FileKindUnknown;
        }

        int start = BankManifestHeader.Size + (index * BankFile.Size);
        return FieldText.IsZero(_bytes.Slice(start + BankFile.ReservedOffset, BankFile.Size - BankFile.ReservedOffset))
            ? BankManifestStatus.Good
            : BankManifestStatus.FileReserved;
    }

    /// <summary>Whether a file before this one has its name, or the bank itself needs it.</summary>
    private bool IsNameTaken(int index)
    {
        ReadOnlySpan<byte> name = NameOf(in File(index));
        bool taken = FieldText.AreSameFileName(name, FlashLayout.ManifestFile) || FieldText.AreSameFileName(name, FlashLayout.SignatureFile);
        for (int i = 0; i < index && !taken; i++)
        {
            taken = FieldText.AreSameFileName(NameOf(in File(i)), name);
        }

        return taken;
    }

    private ref readonly T At<T>(int offset)
        where T : unmanaged =>
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(_bytes.Slice(offset, sizeof(T))));
}
