using System;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Formats.Signatures;
using Ember.Platform.Text;

namespace Ember.Loader;

/// <summary>Looks for an update on other volumes and on a server, and writes it into the bank that is not in use.</summary>
internal unsafe ref struct KeyUpdate<TMedium>
    where TMedium : struct, IKeyMedium
{
    /// <summary>Room for the longest head.</summary>
    private const int HeadRoom = 64 * 1024;

    private const int PieceLength = 1024 * 1024;

    private readonly ref TMedium _medium;
    private readonly ref BankState _state;
    private readonly ref bool _writeSecond;
    private readonly RsaPublicKey _key;
    private readonly BankSlot _started;
    private ReadOnlySpan<byte> _source;

    /// <summary>Prepares.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="key">The vendor's.</param>
    /// <param name="started">The bank that would be started, which has been loaded and verified; none when none could be.</param>
    /// <param name="state">The state of the banks.</param>
    /// <param name="writeSecond">Whether its next change has to be written over the second copy.</param>
    public KeyUpdate(ref TMedium medium, RsaPublicKey key, BankSlot started, ref BankState state, ref bool writeSecond)
    {
        _medium = ref medium;
        _key = key;
        _started = started;
        _state = ref state;
        _writeSecond = ref writeSecond;
        _source = FlashLayout.BundleFile;
    }

    private static ReadOnlySpan<byte> NoAnswer => "no answer; starting what is on the key"u8;

    /// <summary>
    /// The bank that would be started is never the one: it has been seen to verify. Without such a bank, one that is not good is, if there
    /// is one: what cannot be read today may be read tomorrow.
    /// </summary>
    private readonly BankSlot Target => _started != BankSlot.None ? BankState.Other(_started)
        : _state.Record(_state.Idle).Condition == BankCondition.Good && _state.Record(_state.Preferred).Condition != BankCondition.Good
            ? _state.Preferred
            : _state.Idle;

    /// <summary>Takes the first update there is to take: from another volume, then from a server.</summary>
    /// <param name="address">The server's; empty for none.</param>
    /// <returns>Whether there is a trial now that is preferred.</returns>
    public bool Run(ReadOnlySpan<byte> address)
    {
        bool updated = false;
        while (!updated && _medium.TryNextBundle(out ulong length))
        {
            updated = TryTake(length, default);
        }

        if (!updated && !address.IsEmpty)
        {
            _source = "network"u8;
            Say("asking "u8, address);
            updated = TryTake(0, address);
        }

        return updated;
    }

    /// <param name="length">Bytes of the bundle.</param>
    /// <param name="address">Where it has to be fetched first; empty when it can be read.</param>
    private readonly bool TryTake(ulong length, ReadOnlySpan<byte> address)
    {
        byte* memory = _medium.Allocate(HeadRoom + PieceLength);
        if (memory == null)
        {
            return Say("does not fit into memory"u8, default);
        }

        Span<byte> buffer = new(memory + HeadRoom, PieceLength);
        bool updated = address.IsEmpty ? TryTake(length, memory, buffer) : TryFetch(address, memory, buffer);
        _medium.Release(memory, HeadRoom + PieceLength);
        return updated;
    }

    private readonly bool TryTake(ulong length, byte* room, Span<byte> buffer)
    {
        Span<byte> head = new(room, (int)Math.Min(length, Bundle.MaximumHeadLength));
        return _medium.TryReadBundle(0, head)
            ? TryJudge(head, length, out Bundle bundle) && TryInstall(in bundle, buffer)
            : Say(UpdateStatusText.Of(UpdateStatus.Unreadable), default);
    }

    /// <summary>Takes the bundle of a server if its head, which is fetched first, is one of a bundle to take. Nothing else of that head is
    /// used: what is written is judged as a whole.</summary>
    private readonly bool TryFetch(ReadOnlySpan<byte> address, byte* room, Span<byte> buffer)
    {
        ulong length = Bundle.MaximumHeadLength;
        if (!_medium.TryFetch(address, FlashLayout.ServedHeadFile, room, ref length))
        {
            return Say(NoAnswer, default);
        }

        ReadOnlySpan<byte> head = new(room, (int)length);
        if (!TryJudge(head, Bundle.StatedLength(head), out Bundle bundle))
        {
            return false;
        }

        // Its runs lie inside a volume that is no longer than a bank.
        ulong all = bundle.Header.TotalLength;
        byte* memory = _medium.Allocate(all);
        if (memory == null)
        {
            return Say("does not fit into memory"u8, default);
        }

        length = all;
        bool updated = _medium.TryFetch(address, FlashLayout.ServedBundleFile, memory, ref length)
            ? TryTake(length, room, buffer)
            : Say(NoAnswer, default);
        _medium.Release(memory, all);
        return updated;
    }

    /// <summary>Whether a bundle is one to take.</summary>
    private readonly bool TryJudge(ReadOnlySpan<byte> head, ulong length, out Bundle bundle)
    {
        BundleStatus status = Bundle.TryRead(head, length, out bundle);
        if (status != BundleStatus.Good)
        {
            return Say(BundleStatusText.Of(status), default);
        }

        SignatureStatus signature = BankSignature.Verify(bundle.Signature, in _key, bundle.Manifest);
        if (signature != SignatureStatus.Good)
        {
            return Say("refused: bank.signature: "u8, SignatureStatusText.Of(signature));
        }

        BankManifestStatus manifestStatus = BankManifest.TryRead(bundle.Manifest, out BankManifest manifest);
        if (manifestStatus != BankManifestStatus.Good)
        {
            return Say("refused: bank.manifest: "u8, BankManifestStatusText.Of(manifestStatus));
        }

        ReadOnlySpan<byte> refusal = new UpdateJudge<TMedium>(ref _medium, ref _state, _started, Target).Judge(in bundle, in manifest);
        return refusal.IsEmpty || Say(refusal, default);
    }

    private readonly bool TryInstall(in Bundle bundle, Span<byte> buffer)
    {
        BankSlot target = Target;
        BankManifest.TryRead(bundle.Manifest, out BankManifest manifest);
        ReadOnlySpan<byte> version = BankManifest.ProductVersionOf(in manifest.Header);
        Say(target == BankSlot.A ? "writing bank A: version "u8 : "writing bank B: version "u8, version);
        _medium.CloseBank(target);
        UpdateStatus status = new BundleInstaller<TMedium>(ref _medium, bundle, target, buffer).Run(ref _state, ref _writeSecond);
        _medium.OpenBank(target);
        if (status != UpdateStatus.Good)
        {
            return Say(UpdateStatusText.Of(status), default);
        }

        Say("written and read back; it is tried now"u8, default);
        return true;
    }

    /// <returns>False.</returns>
    private readonly bool Say(ReadOnlySpan<byte> what, ReadOnlySpan<byte> more)
    {
        LineBuffer line = default;
        line.Append(_source);
        line.Append(": "u8);
        line.Append(what);
        line.Append(more);
        _medium.WriteLine(line.Text);
        return false;
    }
}
