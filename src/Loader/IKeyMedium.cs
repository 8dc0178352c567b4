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

    /// <summary>Takes memory, page by page; null when there is none.</summary>
    byte* Allocate(ulong length);

    /// <summary>Has the firmware forget what it knows of a bank that is about to be written.</summary>
    void CloseBank(BankSlot slot);

    /// <summary>Has the firmware look at a bank again.</summary>
    void OpenBank(BankSlot slot);
}
