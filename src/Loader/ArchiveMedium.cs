using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The bank in the loader's own image: it came over a network, and there is no key. Its files are used where they lie.</summary>
internal readonly unsafe struct ArchiveMedium : IBootMedium
{
    private readonly FirmwareVariables _variables;
    private readonly byte* _section;
    private readonly int _length;
    private readonly byte* _keyId;

    /// <param name="services">The firmware's.</param>
    /// <param name="section">The section <see cref="BankArchive.SectionName"/>.</param>
    /// <param name="keyId">The identity of the vendor's key, for as long as this is used.</param>
    public ArchiveMedium(EfiRuntimeServices* services, ReadOnlySpan<byte> section, byte* keyId)
    {
        _variables = new FirmwareVariables(services);
        _section = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(section));
        _length = section.Length;
        _keyId = keyId;
    }

    /// <inheritdoc/>
    public ulong NewAttempt => 0;

    /// <inheritdoc/>
    public ulong ConfirmedAttempt => 0;

    /// <inheritdoc/>
    public uint MinimumSecurityVersion =>
        _variables.ReadSecurityVersion(new ReadOnlySpan<byte>(_keyId, FirmwareVariableNames.KeyIdBytes));

    /// <inheritdoc/>
    public bool IsRollBackAsked => false;

    /// <inheritdoc/>
    public bool TryReadState(Span<byte> first, Span<byte> second) => false;

    /// <inheritdoc/>
    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector) => false;

    /// <inheritdoc/>
    public bool TryRaiseSecurityVersion(uint version) => false;

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        if (!BankArchive.TryRead(new ReadOnlySpan<byte>(_section, _length), out BankArchive archive)
            || !archive.TryFind(name, out ReadOnlySpan<byte> content))
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        address = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(content));
        length = (ulong)content.Length;
        return default;
    }

    /// <inheritdoc/>
    public void Release(byte* address, ulong length)
    {
    }

    /// <inheritdoc/>
    public void WriteLine(ReadOnlySpan<byte> line) => LoaderConsole.WriteLine(line);
}
