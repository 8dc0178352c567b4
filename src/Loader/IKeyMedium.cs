using System;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;

namespace Ember.Loader;

/// <summary>A key that can be updated from bundles beside it.</summary>
internal unsafe interface IKeyMedium : IBootMedium, IUpdateMedium
{
    /// <summary>Goes on to the next bundle, which is read from then on.</summary>
    /// <param name="length">Its bytes.</param>
    /// <returns>False when there are no more.</returns>
    bool TryNextBundle(out ulong length);

    /// <summary>Fetches a file from a server, which is the bundle that is read from then on, for as long as its memory is held.</summary>
    /// <param name="address">The server's, up to the file's name.</param>
    /// <param name="file">The name, ASCII.</param>
    /// <param name="memory">Where it goes: pages of the firmware's.</param>
    /// <param name="length">The room there; then the file's bytes.</param>
    /// <returns>False when there is none that fits, or nobody answers.</returns>
    bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length);

    /// <summary>Takes memory, page by page; null when there is none.</summary>
    byte* Allocate(ulong length);

    /// <summary>Has the firmware forget what it knows of a bank that is about to be written.</summary>
    void CloseBank(BankSlot slot);

    /// <summary>Has the firmware look at a bank again.</summary>
    void OpenBank(BankSlot slot);
}
