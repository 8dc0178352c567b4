using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Platform.Text;

namespace Ember.Loader;

/// <summary>Which bank is started: reads the banks' state, counts down, loads and verifies, and goes on to the other bank.</summary>
internal unsafe ref struct BankSelection<TMedium>
    where TMedium : struct, IKeyMedium
{
    private readonly ref TMedium _medium;
    private readonly RsaPublicKey _key;
    private readonly HandOver* _handOver;
    private readonly ulong _attempt;
    private BankState _state;
    private bool _writeSecond;

    /// <summary>Prepares to choose.</summary>
    /// <param name="medium">The key.</param>
    /// <param name="key">The vendor's.</param>
    /// <param name="handOver">What the core is told, zeroed.</param>
    public BankSelection(ref TMedium medium, RsaPublicKey key, HandOver* handOver)
    {
        _medium = ref medium;
        _key = key;
        _handOver = handOver;
        _attempt = medium.NewAttempt;
    }

    /// <summary>Loads a bank.</summary>
    /// <returns>The bank that was loaded and verified; none, after lines that say why.</returns>
    public BankSlot Run()
    {
        ReadState();
        bool changed = _state.Confirm(_medium.ConfirmedAttempt);
        if (changed)
        {
            Say(_state.Preferred, "confirmed: its virtual machines came up at the last start"u8);
        }

        bool asked = _medium.IsRollBackAsked;
        changed |= asked && RollBack();
        BankSlot slot = LoadPreferred(changed);

        // Reading a bank takes long enough to press a key after the loader's first line. Many press it more than once.
        asked = asked || LeaveIfAsked(ref slot);

        // The bank that would be started has been verified and is in memory: what is written now cannot be the last one that starts.
        if (!asked && new KeyUpdate<TMedium>(ref _medium, _key, slot, ref _state, ref _writeSecond).Run(UpdateAddress()))
        {
            Reload(ref slot, changed: false);
            LeaveIfAsked(ref slot);
        }

        if (slot != BankSlot.None)
        {
            Complete(slot);
        }

        return slot;
    }

    /// <summary>Goes to the other bank if a key has been pressed meanwhile.</summary>
    /// <returns>Whether one has.</returns>
    private bool LeaveIfAsked(ref BankSlot slot)
    {
        bool asked = slot != BankSlot.None && _medium.IsRollBackAsked;
        if (asked && RollBack())
        {
            Reload(ref slot, changed: true);
        }

        return asked;
    }

    private void Reload(ref BankSlot slot, bool changed)
    {
        new BankLoader<TMedium>(ref _medium, slot, _handOver).Release();
        slot = LoadPreferred(changed);
    }

    /// <summary>Loads the preferred bank, or the other one.</summary>
    /// <param name="changed">Whether the state is to be written.</param>
    private BankSlot LoadPreferred(bool changed)
    {
        BankSlot slot = _state.Begin(_attempt, out bool counted);
        if (((changed | counted) && !WriteState()) && slot != BankSlot.None)
        {
            slot = WithoutCounting(slot);
        }

        // Each bank is passed over once at most.
        for (int i = 0; i < 2 && slot != BankSlot.None; i++)
        {
            var loader = new BankLoader<TMedium>(ref _medium, slot, _handOver);
            if (loader.TryLoad(in _key))
            {
                return slot;
            }

            loader.Release();
            slot = _state.PassOver(slot, _attempt, out changed);
            if (changed)
            {
                WriteState();
            }

            if (i == 0 && slot != BankSlot.None)
            {
                Say(slot, "trying it instead"u8);
            }
        }

        return BankSlot.None;
    }

    /// <summary>Completes what the core is told of a bank that has been loaded.</summary>
    private void Complete(BankSlot slot)
    {
        bool isTrial = _state.Record(slot).Condition == BankCondition.Trial;
        _handOver->Version = HandOver.CurrentVersion;
        _handOver->Slot = slot;
        _handOver->Attempt = isTrial ? _attempt : 0;
        BankManifest.TryRead(new ReadOnlySpan<byte>(_handOver->Manifest, (int)_handOver->ManifestLength), out BankManifest manifest);
        int address = manifest.Find(BankFileKind.UpdateAddress);
        if (address >= 0)
        {
            // The core has no use for it, and would not give its page to guests.
            _medium.Release((byte*)_handOver->Files[address], manifest.File(address).Length);
            _handOver->Files[address] = 0;
        }

        uint version = manifest.Header.SecurityVersion;
        if (!isTrial && version > _medium.MinimumSecurityVersion && !_medium.TryRaiseSecurityVersion(version))
        {
            Say(slot, "its security version cannot be kept in the firmware: older versions are not refused yet"u8);
        }
    }

    /// <summary>The address that the loaded bank has for updates; empty for none.</summary>
    private readonly ReadOnlySpan<byte> UpdateAddress()
    {
        ReadOnlySpan<byte> bytes = _handOver->Manifest == null ? default : new(_handOver->Manifest, (int)_handOver->ManifestLength);
        BankManifestStatus status = BankManifest.TryRead(bytes, out BankManifest manifest);
        int index = status == BankManifestStatus.Good ? manifest.Find(BankFileKind.UpdateAddress) : -1;
        return index < 0 ? default : new ReadOnlySpan<byte>((void*)_handOver->Files[index], (int)manifest.File(index).Length);
    }

    private void ReadState()
    {
        Sector first = default;
        Sector second = default;
        bool read = _medium.TryReadState(first, second);
        bool known = BankState.TryReadNewest(first, second, out _state, out _writeSecond);
        if (!read || !known)
        {
            _medium.WriteLine("the state of the banks cannot be read: trying bank A, then bank B"u8);
        }
    }

    /// <summary>A trial that cannot be counted would be tried for ever.</summary>
    private BankSlot WithoutCounting(BankSlot slot)
    {
        if (_state.Record(slot).Condition != BankCondition.Trial
            || _state.Record(BankState.Other(slot)).Condition != BankCondition.Good)
        {
            return slot;
        }

        Say(slot, "not tried, since tries cannot be counted"u8);
        return BankState.Other(slot);
    }

    private bool RollBack()
    {
        BankSlot from = _state.Preferred;
        bool done = _state.RollBack();
        Say(from, done ? "left, as was asked for at the keyboard"u8 : "the only one that can be started; there is none to go back to"u8);
        return done;
    }

    private bool WriteState()
    {
        bool written = _state.TryWriteNext(ref _medium, ref _writeSecond);
        if (!written)
        {
            _medium.WriteLine("the state of the banks cannot be written: is the key write-protected?"u8);
        }

        return written;
    }

    private readonly void Say(BankSlot slot, ReadOnlySpan<byte> what)
    {
        LineBuffer line = default;
        line.Append(slot == BankSlot.A ? "bank A: "u8 : "bank B: "u8);
        line.Append(what);
        _medium.WriteLine(line.Text);
    }

    [InlineArray(BankState.Size)]
    private struct Sector
    {
        private byte _first;
    }
}
