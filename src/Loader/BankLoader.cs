using System;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Fields;
using Ember.Formats.Signatures;
using Ember.Platform.Text;

namespace Ember.Loader;

/// <summary>Loads one bank: manifest and signature first, then every file, each compared with the manifest where it lies.</summary>
internal unsafe ref struct BankLoader<TMedium>
    where TMedium : struct, IBootMedium
{
    private readonly ref TMedium _medium;
    private readonly BankSlot _slot;
    private readonly HandOver* _handOver;

    /// <summary>Prepares to load a bank.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="slot">A or B; none for one that is no bank of a key.</param>
    /// <param name="handOver">Where it is noted what lies where.</param>
    public BankLoader(ref TMedium medium, BankSlot slot, HandOver* handOver)
    {
        _medium = ref medium;
        _slot = slot;
        _handOver = handOver;
    }

    /// <summary>Empty when it could not be loaded, whatever its length is.</summary>
    private readonly ReadOnlySpan<byte> ManifestBytes =>
        _handOver->Manifest == null ? default : new ReadOnlySpan<byte>(_handOver->Manifest, (int)_handOver->ManifestLength);

    /// <summary>Loads and verifies everything; false after a line that says what is wrong.</summary>
    public bool TryLoad(in RsaPublicKey key)
    {
        if (!TryLoadManifest(out BankManifest manifest) || !TryVerifySignature(in key))
        {
            return false;
        }

        ref readonly BankManifestHeader header = ref manifest.Header;
        if (header.SecurityVersion < _medium.MinimumSecurityVersion)
        {
            LineBuffer text = default;
            text.Append("its security version is "u8);
            text.AppendDecimal(header.SecurityVersion);
            text.Append(", and this machine has started "u8);
            text.AppendDecimal(_medium.MinimumSecurityVersion);
            text.Append(": an older one is refused"u8);
            return Fail(default, text.Text);
        }

        HashRate rate = default;
        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            if (file.Kind != BankFileKind.Document && !TryLoadFile(in file, i, ref rate))
            {
                return false;
            }

            if (file.Kind == BankFileKind.Logo)
            {
                Show(in file, i);
            }
        }

        Report(in header, in rate);
        return true;
    }

    /// <summary>Gives back all that was loaded, by this or another loader of the same bank.</summary>
    public readonly void Release()
    {
        if (BankManifest.TryRead(ManifestBytes, out BankManifest manifest) == BankManifestStatus.Good)
        {
            for (int i = 0; i < manifest.FileCount; i++)
            {
                _medium.Release((byte*)_handOver->Files[i], manifest.File(i).Length);
                _handOver->Files[i] = 0;
            }
        }

        _medium.Release(_handOver->Manifest, _handOver->ManifestLength);
        _handOver->Manifest = null;
        _handOver->ManifestLength = 0;
    }

    private bool TryLoadManifest(out BankManifest manifest)
    {
        manifest = default;
        ReadOnlySpan<byte> failure = _medium.Load(
            _slot, FlashLayout.ManifestFile, BankManifestHeader.MaximumLength, out _handOver->Manifest, out _handOver->ManifestLength);
        if (!failure.IsEmpty)
        {
            return Fail(FlashLayout.ManifestFile, failure);
        }

        BankManifestStatus status = BankManifest.TryRead(ManifestBytes, out manifest);
        return status == BankManifestStatus.Good || Fail(FlashLayout.ManifestFile, BankManifestStatusText.Of(status));
    }

    private bool TryVerifySignature(in RsaPublicKey key)
    {
        ReadOnlySpan<byte> failure = _medium.Load(
            _slot, FlashLayout.SignatureFile, BankSignature.MaximumSize, out byte* address, out ulong length);
        if (failure.IsEmpty)
        {
            SignatureStatus status = BankSignature.Verify(new ReadOnlySpan<byte>(address, (int)length), in key, ManifestBytes);
            failure = status == SignatureStatus.Good ? default : SignatureStatusText.Of(status);
        }

        _medium.Release(address, length);
        return failure.IsEmpty || Fail(FlashLayout.SignatureFile, failure);
    }

    private bool TryLoadFile(in BankFile file, int index, ref HashRate rate)
    {
        ReadOnlySpan<byte> name = BankManifest.NameOf(in file);
        ReadOnlySpan<byte> failure = _medium.Load(_slot, name, file.Length, out byte* address, out ulong length);
        if (failure.IsEmpty && length != file.Length)
        {
            failure = "is shorter than the manifest says"u8;
            _medium.Release(address, length);
        }

        if (!failure.IsEmpty)
        {
            return Fail(name, failure);
        }

        _handOver->Files[index] = (nuint)address;
        Sha256Digest digest = default;
        ulong start = _medium.Ticks;
        Sha256.Hash(new ReadOnlySpan<byte>(address, (int)length), digest);
        rate.Add(length, _medium.Ticks - start);
        if (!FieldText.AreEqual(digest, file.Sha256))
        {
            return Fail(name, "SHA-256 differs from the manifest"u8);
        }

        LineBuffer line = default;
        line.Append(name);
        line.Append(" verified, "u8);
        line.AppendSize(length);
        _medium.WriteLine(line.Text);
        return true;
    }

    /// <summary>Shows the picture, which nobody needs after that.</summary>
    private readonly void Show(in BankFile file, int index)
    {
        byte* address = (byte*)_handOver->Files[index];
        _medium.Show(new ReadOnlySpan<byte>(address, (int)file.Length));
        _handOver->Files[index] = 0;
        _medium.Release(address, file.Length);
    }

    private readonly void Report(in BankManifestHeader header, in HashRate rate)
    {
        LineBuffer line = default;
        rate.AppendTo(ref line, _medium.TicksPerMillisecond);
        _medium.WriteLine(line.Text);
        line.Clear();
        AppendBank(ref line);
        line.Append((byte)' ');
        line.Append(BankManifest.ProductVersionOf(in header));
        line.Append(" verified: "u8);
        line.Append(BankManifest.ProductOf(in header));
        line.Append((header.Flags & BankFlags.TestKey) != 0 ? ", signed with a test key: not for customers"u8 : default);
        _medium.WriteLine(line.Text);
    }

    private readonly bool Fail(ReadOnlySpan<byte> name, ReadOnlySpan<byte> reason)
    {
        LineBuffer line = default;
        AppendBank(ref line);
        line.Append(": "u8);
        if (!name.IsEmpty)
        {
            line.Append(name);
            line.Append(": "u8);
        }

        line.Append(reason);
        _medium.WriteLine(line.Text);
        return false;
    }

    private readonly void AppendBank(ref LineBuffer line) => line.Append(_slot switch
    {
        BankSlot.A => "bank A"u8,
        BankSlot.B => "bank B"u8,
        _ => "network bank"u8,
    });
}
