using System;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk.Media;

namespace Ember.Sdk.Banks;

/// <summary>
/// Writes an update into the idle bank of a key, as the loader does with one that it finds (<see cref="BundleInstaller{TMedium}"/>).
/// </summary>
public sealed class BankUpdate
{
    private const int BufferSize = 1 << 20;

    private readonly ISectorMedium _medium;
    private readonly string _name;
    private readonly KeyReader _reader;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly byte[] _vendorKey;
    private BankState _state;
    private bool _writeSecond;

    /// <summary>Prepares an update.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="EmberException">It is no key (exit code 2), or too damaged to be updated (1).</exception>
    public BankUpdate(ISectorMedium medium, string name)
    {
        _medium = medium;
        _name = name;
        _reader = new KeyReader(medium, name);
        _state = _reader.ReadState(out _writeSecond);
        _vendorKey = _reader.ReadVendorKey();
        Target = ChooseTarget();
    }

    /// <summary>Told how much has been done, and of how much.</summary>
    public IProgress<(long Done, long Of)>? Progress { get; init; }

    /// <summary>The bank that the update goes to.</summary>
    public BankSlot Target { get; }

    /// <summary>Updates.</summary>
    /// <param name="bundle">The update.</param>
    /// <param name="cancellation">Stops it: the idle bank is empty then.</param>
    /// <exception cref="EmberException">The update is not for this key, or what was written does not read back (exit code 1); the key or the
    /// bundle cannot be read or written (3). The bank in use is as it was.</exception>
    public void Run(BundleFile bundle, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        RequireFit(bundle);
        UpdateMedium medium = new(_medium, _reader, bundle, Progress, cancellation);
        UpdateStatus status = new BundleInstaller<UpdateMedium>(ref medium, bundle.Head, Target, _buffer).Run(ref _state, ref _writeSecond);
        if (status != UpdateStatus.Good)
        {
            string who = status is UpdateStatus.Damaged or UpdateStatus.BaseDiffers or UpdateStatus.Unreadable ? bundle.Path : _name;
            throw new EmberException(ErrorKind.Checked, $"{who}: {Encoding.ASCII.GetString(UpdateStatusText.Of(status))}");
        }
    }

    /// <summary>The bank that is not preferred, unless that is the only one that is good: an unconfirmed trial makes room for the next.
    /// </summary>
    private BankSlot ChooseTarget()
    {
        BankSlot idle = _state.Idle;
        return !IsSound(_state.Preferred) && IsSound(idle) ? _state.Preferred : idle;
    }

    private bool IsSound(BankSlot slot) =>
        _state.Record(slot).Condition == BankCondition.Good && _reader.Verifies(slot, _vendorKey);

    private void RequireFit(BundleFile bundle)
    {
        bundle.RequireSignature(_vendorKey);
        BankManifest.TryRead(bundle.Manifest, out BankManifest update);
        byte[]? current = _reader.TryReadFile(BankState.Other(Target), BankNames.Manifest);
        if (current is not null && BankManifest.TryRead(current, out BankManifest used) == BankManifestStatus.Good)
        {
            string product = Encoding.ASCII.GetString(BankManifest.ProductOf(in update.Header));
            string usedProduct = Encoding.ASCII.GetString(BankManifest.ProductOf(in used.Header));
            if (product != usedProduct)
            {
                throw Refused(bundle, $"is for '{product}', and on the key is '{usedProduct}'");
            }

            if (!BankManifest.AreSameProduct(in update.Header, in used.Header))
            {
                throw Refused(bundle, "is for another vendor's product of this name");
            }

            if (update.Header.SecurityVersion < used.Header.SecurityVersion)
            {
                throw Refused(
                    bundle,
                    $"has security version {update.Header.SecurityVersion}, and on the key is {used.Header.SecurityVersion}: "
                    + "its machine would refuse the older one");
            }
        }

        if (bundle.Head.NeedsBase && (current is null || !SHA256.HashData(current).AsSpan().SequenceEqual(bundle.Head.Header.Base)))
        {
            throw Refused(bundle, "holds only what differs from another version than the key has; give the whole bundle");
        }

        if (bundle.VolumeLength > _reader.BankLength(Target))
        {
            throw Refused(
                bundle, $"needs {bundle.VolumeLength} bytes, and a bank of the key has {_reader.BankLength(Target)}; write a new key");
        }
    }

    private static EmberException Refused(BundleFile bundle, string why) => new(ErrorKind.Checked, $"{bundle.Path}: {why}");
}
