using System;

namespace Ember.Formats.Banks;

/// <summary>A key whose banks' state can be written.</summary>
public interface IStateMedium
{
    /// <summary>Writes a copy of the banks' state, and returns when it is on the key.</summary>
    /// <param name="second">Which copy.</param>
    /// <param name="sector"><see cref="BankState.Size"/> bytes.</param>
    /// <returns>False when it cannot be written.</returns>
    bool TryWriteState(bool second, ReadOnlySpan<byte> sector);
}
