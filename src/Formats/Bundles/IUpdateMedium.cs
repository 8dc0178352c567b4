using System;
using Ember.Formats.Banks;

namespace Ember.Formats.Bundles;

/// <summary>A key with two banks and a bundle beside it. Offsets and lengths in a bank are whole sectors.</summary>
public interface IUpdateMedium : IStateMedium
{
    /// <summary>The sector of the key that a bank begins with.</summary>
    ulong BankStart(BankSlot slot);

    /// <summary>Bytes of a bank's partition; 0 when there is none that can be written.</summary>
    ulong BankLength(BankSlot slot);

    /// <summary>Reads a part of the bundle.</summary>
    bool TryReadBundle(ulong position, Span<byte> bytes);

    /// <summary>Reads a part of a bank.</summary>
    bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes);

    /// <summary>Writes a part of a bank. Until <see cref="TryFlush"/> has returned, any part of what was written may be lost.</summary>
    bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when everything that was written to a bank is on the key.</summary>
    bool TryFlush(BankSlot slot);

    /// <summary>Told how much has been done, and of how much.</summary>
    void Report(ulong done, ulong all);
}
