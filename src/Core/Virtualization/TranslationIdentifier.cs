namespace Ember.Core.Virtualization;

/// <summary>
/// The ASID or VPID of a virtual processor, which tells its translations from all others' in a physical processor's TLB. It never
/// has another's, and none of its own from before it was elsewhere.
/// </summary>
internal unsafe struct TranslationIdentifier
{
    /// <summary>0 is the host's own.</summary>
    public const uint First = 1;

    private void* _host;
    private ulong _generation;

    public uint Value { get; private set; }

    /// <summary>Keeps the identifier if it is good on a processor, and takes a new one if not.</summary>
    /// <param name="host">The physical processor.</param>
    /// <param name="flush">Whether all translations of all identifiers have to go: they are given out anew.</param>
    /// <returns>Whether the identifier is a new one.</returns>
    public bool Renew(HostContext* host, out bool flush)
    {
        flush = false;
        if (_host == host && _generation == host->Generation)
        {
            return false;
        }

        if (host->NextIdentifier >= host->IdentifierCount)
        {
            flush = true;
            host->Generation++;
            host->NextIdentifier = First;
        }

        Value = host->NextIdentifier++;
        _host = host;
        _generation = host->Generation;
        return true;
    }
}
