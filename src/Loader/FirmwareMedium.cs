using System;
using Ember.Formats;
using Ember.Formats.Banks;
using Ember.Platform.Processors;
using Ember.Platform.Text;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The key as the firmware gives it, or the bank that is in the loader's own image.</summary>
internal unsafe struct FirmwareMedium : IKeyMedium
{
    private const int MostKeys = 64;

    private readonly EfiSystemTable* _system;
    private readonly FirmwareVariables _variables;
    private readonly byte* _keyId;
    private readonly ArchiveFiles _archive;
    private readonly StateSectors _state;
    private readonly KeyPartitions _partitions;
    private readonly PartitionSectors _sectorsOfA;
    private readonly PartitionSectors _sectorsOfB;
    private Volume _bankA;
    private Volume _bankB;
    private BundleSearch _bundles;
    private NetworkFile _fetched;
    private ulong _tenthsSaid;

    /// <summary>Opens the key.</summary>
    /// <param name="system">The firmware's.</param>
    /// <param name="partitions">The key's partitions.</param>
    /// <param name="keyId">The identity of the vendor's key, for as long as this is used.</param>
    public FirmwareMedium(EfiSystemTable* system, in KeyPartitions partitions, byte* keyId)
    {
        _system = system;
        _variables = new FirmwareVariables(system->RuntimeServices);
        _keyId = keyId;
        _partitions = partitions;
        _bundles = new BundleSearch(system->BootServices, partitions.State);
        _fetched = new NetworkFile(system);
        PartitionSectors.TryOpen(system->BootServices, partitions.BankA, out _sectorsOfA);
        PartitionSectors.TryOpen(system->BootServices, partitions.BankB, out _sectorsOfB);
        StateSectors.TryOpen(system->BootServices, partitions.State, out _state);
        Volume.TryOpen(system->BootServices, partitions.BankA, out _bankA);
        Volume.TryOpen(system->BootServices, partitions.BankB, out _bankB);
    }

    /// <summary>Takes the bank in the loader's image, <see cref="BankSlot.None"/>; there is no key.</summary>
    /// <param name="system">The firmware's.</param>
    /// <param name="archive">The bank.</param>
    /// <param name="keyId">The identity of the vendor's key, for as long as this is used.</param>
    public FirmwareMedium(EfiSystemTable* system, ArchiveFiles archive, byte* keyId)
    {
        this = default;
        _system = system;
        _variables = new FirmwareVariables(system->RuntimeServices);
        _keyId = keyId;
        _archive = archive;
    }

    /// <inheritdoc/>
    public readonly ulong NewAttempt => Cpu.ReadTimeStampCounter() | 1;

    /// <inheritdoc/>
    public readonly ulong ConfirmedAttempt => _variables.Read(FirmwareVariableNames.Confirmed, default);

    /// <inheritdoc/>
    public readonly uint MinimumSecurityVersion => _variables.ReadSecurityVersion(KeyId);

    /// <inheritdoc/>
    public readonly bool IsRollBackAsked
    {
        get
        {
            EfiInputKey key;
            EfiTextInput* input = _system->ConsoleInput;
            for (int i = 0; input != null && i < MostKeys && !EfiStatus.IsError(input->ReadKeyStroke(input, &key)); i++)
            {
                if (key.Character is 'r' or 'R')
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public readonly ulong Ticks => Cpu.ReadTimeStampCounter();

    /// <inheritdoc/>
    public readonly ulong TicksPerMillisecond => FirmwareClock.TicksPerMillisecond;

    private readonly ReadOnlySpan<byte> KeyId => new(_keyId, FirmwareVariableNames.KeyIdBytes);

    /// <inheritdoc/>
    public readonly bool TryReadState(Span<byte> first, Span<byte> second)
    {
        bool readFirst = _state.TryRead(false, first);
        bool readSecond = _state.TryRead(true, second);
        return readFirst || readSecond;
    }

    /// <inheritdoc/>
    public readonly bool TryWriteState(bool second, ReadOnlySpan<byte> sector) => _state.TryWrite(second, sector);

    /// <inheritdoc/>
    public readonly bool TryRaiseSecurityVersion(uint version) =>
        _variables.TryWrite(FirmwareVariableNames.SecurityVersion, KeyId, version);

    /// <inheritdoc/>
    public readonly ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        if (slot == BankSlot.None)
        {
            return _archive.Load(name, longest, out address, out length);
        }

        Volume volume = slot == BankSlot.A ? _bankA : _bankB;
        if (!volume.IsOpen)
        {
            address = null;
            length = 0;
            return "its partition has no readable file system"u8;
        }

        return volume.Load(name, longest, out address, out length);
    }

    /// <inheritdoc/>
    public readonly void Release(byte* address, ulong length)
    {
        if (!_archive.IsThere)
        {
            FirmwarePages.Free(_system->BootServices, address, length);
        }
    }

    /// <inheritdoc/>
    public readonly byte* Allocate(ulong length) => FirmwarePages.Take(_system->BootServices, length);

    /// <inheritdoc/>
    public bool TryNextBundle(out ulong length)
    {
        _tenthsSaid = 0;
        return _bundles.TryNext(out length);
    }

    /// <inheritdoc/>
    public bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length) =>
        _fetched.TryFetch(address, file, memory, ref length);

    /// <inheritdoc/>
    public readonly bool TryReadBundle(ulong position, Span<byte> bytes) =>
        _fetched.IsFetched ? _fetched.TryRead(position, bytes) : _bundles.TryRead(position, bytes);

    /// <inheritdoc/>
    public readonly ulong BankStart(BankSlot slot) => slot == BankSlot.A ? _partitions.StartOfA : _partitions.StartOfB;

    /// <inheritdoc/>
    public readonly ulong BankLength(BankSlot slot) => SectorsOf(slot).IsWritable ? SectorsOf(slot).Length : 0;

    /// <inheritdoc/>
    public readonly bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return SectorsOf(slot).TryRead(offset, (nuint)bytes.Length, start);
        }
    }

    /// <inheritdoc/>
    public readonly bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return SectorsOf(slot).TryWrite(offset, (nuint)bytes.Length, start);
        }
    }

    /// <inheritdoc/>
    public readonly bool TryFlush(BankSlot slot) => SectorsOf(slot).TryFlush();

    /// <inheritdoc/>
    public void CloseBank(BankSlot slot)
    {
        VolumeOf(ref this, slot).Close();
        _system->BootServices->DisconnectController(PartitionOf(slot), null, null);
    }

    /// <inheritdoc/>
    public void OpenBank(BankSlot slot) => Volume.TryOpen(_system->BootServices, PartitionOf(slot), out VolumeOf(ref this, slot));

    /// <inheritdoc/>
    public void Report(ulong done, ulong all)
    {
        ulong tenths = done * 10 / all;
        if (tenths != _tenthsSaid)
        {
            _tenthsSaid = tenths;
            LineBuffer line = default;
            line.Append(_fetched.IsFetched ? "network"u8 : FlashLayout.BundleFile);
            line.Append(": "u8);
            line.AppendDecimal(tenths * 10);
            line.Append(" %"u8);
            LoaderConsole.WriteLine(line.Text);
        }
    }

    /// <inheritdoc/>
    public readonly void Show(ReadOnlySpan<byte> logo) => LoaderConsole.Show(logo);

    /// <inheritdoc/>
    public readonly void WriteLine(ReadOnlySpan<byte> line) => LoaderConsole.WriteLine(line);

    private static ref Volume VolumeOf(ref FirmwareMedium medium, BankSlot slot) =>
        ref slot == BankSlot.A ? ref medium._bankA : ref medium._bankB;

    private readonly PartitionSectors SectorsOf(BankSlot slot) => slot == BankSlot.A ? _sectorsOfA : _sectorsOfB;

    private readonly void* PartitionOf(BankSlot slot) => slot == BankSlot.A ? _partitions.BankA : _partitions.BankB;
}
