using System;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Formats.Fields;

namespace Ember.Loader;

/// <summary>
/// Whether an update that the vendor has signed is one for this key: of the same product, of a higher version than the bank that would be
/// started, and none that a bank holds or has held in vain. What is forgotten in the server thus updates once at most, and never back.
/// </summary>
internal unsafe readonly ref struct UpdateJudge<TMedium>
    where TMedium : struct, IKeyMedium
{
    private readonly ref TMedium _medium;
    private readonly ref BankState _state;
    private readonly BankSlot _started;
    private readonly BankSlot _target;

    /// <summary>Prepares.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="state">The state of the banks.</param>
    /// <param name="started">The bank that would be started; none when none could be.</param>
    /// <param name="target">The bank that would be written.</param>
    public UpdateJudge(ref TMedium medium, ref BankState state, BankSlot started, BankSlot target)
    {
        _medium = ref medium;
        _state = ref state;
        _started = started;
        _target = target;
    }

    /// <summary>Judges.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="update">Its manifest, whose signature is right.</param>
    /// <returns>Empty, or why it is not taken.</returns>
    public ReadOnlySpan<byte> Judge(scoped in Bundle bundle, scoped in BankManifest update)
    {
        ReadOnlySpan<byte> refusal = JudgeBeside(BankSlot.A, in bundle, in update.Header);
        if (refusal.IsEmpty)
        {
            refusal = JudgeBeside(BankSlot.B, in bundle, in update.Header);
        }

        if (!refusal.IsEmpty)
        {
            return refusal;
        }

        if (update.Header.SecurityVersion < _medium.MinimumSecurityVersion)
        {
            return "refused: this machine has started a higher security version"u8;
        }

        if (bundle.Header.VolumeLength > _medium.BankLength(_target))
        {
            return "refused: larger than a bank of this key, or the key is write-protected"u8;
        }

        if (_started == BankSlot.None)
        {
            return bundle.NeedsBase ? "refused: it builds on a version that is not on the key"u8 : default;
        }

        return _state.Record(_started).Condition == BankCondition.Good
            ? default
            : "not now: the update before it is still on trial"u8;
    }

    /// <summary>Looks at a bundle beside what a bank holds.</summary>
    private ReadOnlySpan<byte> JudgeBeside(BankSlot slot, scoped in Bundle bundle, scoped in BankManifestHeader update)
    {
        ReadOnlySpan<byte> refusal = default;
        if (_medium.Load(
            slot, FlashLayout.ManifestFile, BankManifestHeader.MaximumLength, out byte* address, out ulong length).IsEmpty)
        {
            ReadOnlySpan<byte> bytes = new(address, (int)length);
            bool isHeld = FieldText.AreEqual(bytes, bundle.Manifest);
            if (isHeld && !CanBeRepaired(slot))
            {
                refusal = _state.Record(slot).Condition == BankCondition.Bad
                    ? "nothing to be done: it was tried before and did not work"u8
                    : "nothing to be done: it is on the key"u8;
            }
            else if (!isHeld && BankManifest.TryRead(bytes, out BankManifest held) == BankManifestStatus.Good)
            {
                refusal = JudgeBeside(in held.Header, bytes, slot == _started, in bundle, in update);
            }
        }
        else if (slot == _started)
        {
            refusal = "not now: the bank in use cannot be read"u8;
        }

        _medium.Release(address, length);
        return refusal;
    }

    private static ReadOnlySpan<byte> JudgeBeside(
        scoped in BankManifestHeader held,
        scoped ReadOnlySpan<byte> heldManifest,
        bool isStarted,
        scoped in Bundle bundle,
        scoped in BankManifestHeader update)
    {
        if (!BankManifest.AreSameProduct(in held, in update))
        {
            return "refused: it is for another product"u8;
        }

        if (!isStarted)
        {
            return default;
        }

        if (update.SecurityVersion < held.SecurityVersion)
        {
            return "refused: its security version is lower than that on the key"u8;
        }

        if (!ProductVersions.IsAbove(BankManifest.ProductVersionOf(in update), BankManifest.ProductVersionOf(in held)))
        {
            return "nothing to be done: its version is not above that on the key"u8;
        }

        Sha256Digest digest = default;
        Sha256.Hash(heldManifest, digest);
        return bundle.NeedsBase && !FieldText.AreEqual(digest, bundle.Header.Base)
            ? "refused: it builds on a version that is not on the key"u8
            : default;
    }

    /// <summary>Whether a bank that holds the update does so in vain: writing it was interrupted, or it has just failed to load.</summary>
    private bool CanBeRepaired(BankSlot slot)
    {
        BankCondition condition = _state.Record(slot).Condition;
        bool hasFailed = slot != _started && (_started == BankSlot.None || slot == _state.Preferred);
        return condition == BankCondition.Empty || (condition == BankCondition.Good && hasFailed);
    }
}
