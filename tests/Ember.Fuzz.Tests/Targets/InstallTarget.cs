using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;

namespace Ember.Fuzz.Tests.Targets;

/// <summary>
/// <see cref="BundleInstaller{TMedium}"/> over a key of which any one operation may fail: nothing is written but the idle bank and the
/// state, a bank on trial holds what the bundle says to the byte, and one that is neither on trial nor as it was counts as empty.
/// </summary>
internal sealed class InstallTarget : FuzzTarget
{
    private const int ContentOffset = 16;
    private const int HiddenOffset = 28;
    private const int Sector = 512;

    /// <inheritdoc/>
    public override string Name => "install";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
        [Parts.Join([0, 1], BundleTarget.Whole("2.0.0")), Parts.Join([0, 3], BundleTarget.Delta("2.0.0", []))];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        Parts parts = new(input);
        return BundleTarget.PlacesIn(parts[1], parts.OffsetOf(1));
    }

    /// <summary>Makes the digest of a bundle's content right, where there is one.</summary>
    public static void Mend(byte[] bundle, byte[] other)
    {
        if (BundleModel.Read(bundle) is { VolumeLength: <= FuzzKey.BankLength } model)
        {
            model.DigestOf(bundle, other).CopyTo(bundle, ContentOffset);
        }
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        byte[] options = [.. parts[0], 0, 0];
        byte[] bytes = parts[1];
        FuzzKey key = new() { Bundle = bytes, Protected = BankSlot.A, Failing = options[0] };
        if ((options[1] & 1) != 0)
        {
            Mend(bytes, key.Volumes[0]);
        }

        BundleStatus status = Bundle.TryRead(memory.Place(bytes), (ulong)bytes.Length, out Bundle bundle);
        if (status != BundleStatus.Good || bundle.Header.VolumeLength > FuzzKey.BankLength)
        {
            return;
        }

        BankState state = BankState.Manufactured(hasB: true);
        byte[] first = new byte[BankState.Size];
        state.WriteNext(first);
        key.State[0] = first;
        bool writeSecond = true;
        byte[] buffer = new byte[((options[1] & 2) != 0 ? 8 : 11) * Sector];
        FuzzMedium medium = new(key);
        UpdateStatus result = new BundleInstaller<FuzzMedium>(ref medium, bundle, BankSlot.B, buffer).Run(ref state, ref writeSecond);
        Judge(key, BundleModel.Read(bytes)!, bytes, result, buffer.Length);
        Require(
            result != UpdateStatus.Good || (state.Preferred == BankSlot.B && state.Sequence == key.Current.Sequence),
            "another state is kept");
    }

    private static void Judge(FuzzKey key, BundleModel model, byte[] bytes, UpdateStatus result, int bufferLength)
    {
        byte[] old = FuzzKey.Pattern(5);
        byte[] other = FuzzKey.Pattern(3);
        BankState state = key.Current;
        Require(key.Volumes[0].AsSpan().SequenceEqual(other) && state.A.Condition == BankCondition.Good, "the bank in use has changed");
        bool isRight = model.DigestOf(bytes, other).AsSpan().SequenceEqual(bytes.AsSpan(ContentOffset, SHA256.HashSizeInBytes));
        bool isUntouched = key.Volumes[1].AsSpan().SequenceEqual(old);
        if (result == UpdateStatus.Good)
        {
            byte[] expected = model.Apply(bytes, old, other);
            SetHiddenSectors(expected, (int)Math.Min((ulong)bufferLength, model.Runs[0].Length));
            Require(isRight, "content is taken that is not what the bundle says");
            Require(key.Volumes[1].AsSpan().SequenceEqual(expected), "the bank is not what the bundle says");
            Require(
                (state.Preferred, state.B.Condition, state.B.TriesLeft) == (BankSlot.B, BankCondition.Trial, BankState.MostTries),
                "the bank is not on trial");
            return;
        }

        Require(state.Preferred == BankSlot.A && state.B.Condition != BankCondition.Trial, "a bank is on trial that was not installed");
        Require(isUntouched || state.B.Condition == BankCondition.Empty, "a bank counts as good and has been written to");
        Require(isRight || (isUntouched && state.B.Condition == BankCondition.Good), "content is written that is not what the bundle says");
    }

    /// <summary>Sets where the bank begins, in the boot sector and in FAT32's second one, if that is in what is written first.</summary>
    private static void SetHiddenSectors(byte[] volume, int firstPiece)
    {
        byte[] start = BitConverter.GetBytes(2049);
        int second = BitConverter.ToUInt16(volume, 50) * Sector;
        bool isFat32 = BitConverter.ToUInt16(volume, 22) == 0;
        start.CopyTo(volume, HiddenOffset);
        if (isFat32 && second != 0 && second + Sector <= firstPiece)
        {
            start.CopyTo(volume, second + HiddenOffset);
        }
    }
}
