using System;
using Ember.Formats.Banks;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The key as the firmware gives it.</summary>
internal unsafe struct FirmwareMedium : IBootMedium
{
    private const int MostKeys = 64;

    private readonly EfiSystemTable* _system;
    private readonly FirmwareVariables _variables;
    private readonly byte* _keyId;
    private readonly StateSectors _state;
    private readonly Volume _bankA;
    private readonly Volume _bankB;

    /// <summary>Opens the key.</summary>
    /// <param name="system">The firmware's.</param>
    /// <param name="partitions">The key's partitions.</param>
    /// <param name="keyId">The identity of the vendor's key, for as long as this is used.</param>
    public FirmwareMedium(EfiSystemTable* system, in KeyPartitions partitions, byte* keyId)
    {
        _system = system;
        _variables = new FirmwareVariables(system->RuntimeServices);
        _keyId = keyId;
        StateSectors.TryOpen(system->BootServices, partitions.State, out _state);
        Volume.TryOpen(system->BootServices, partitions.BankA, out _bankA);
        Volume.TryOpen(system->BootServices, partitions.BankB, out _bankB);
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
        if (address != null)
        {
            _system->BootServices->FreePages((ulong)address, Volume.PagesOf(length));
        }
    }

    /// <inheritdoc/>
    public readonly void WriteLine(ReadOnlySpan<byte> line) => LoaderConsole.WriteLine(line);
}
