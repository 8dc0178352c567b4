using System;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk.Media;

namespace Ember.Sdk.Banks;

/// <summary>A key and a bundle on this host. What cannot be read or written is an exception.</summary>
/// <param name="medium">The key.</param>
/// <param name="reader">What lies where on it.</param>
/// <param name="bundle">The update.</param>
/// <param name="progress">Told how much has been done, and of how much.</param>
/// <param name="cancellation">Ends the update where a power cut might.</param>
internal readonly struct UpdateMedium(
    ISectorMedium medium, KeyReader reader, BundleFile bundle, IProgress<(long Done, long Of)>? progress,
    CancellationToken cancellation) : IUpdateMedium
{
    public ulong BankStart(BankSlot slot) => (ulong)reader.BankOffset(slot) / BundleHeader.SectorSize;

    public ulong BankLength(BankSlot slot) => (ulong)reader.BankLength(slot);

    public bool TryReadBundle(ulong position, Span<byte> bytes)
    {
        bundle.Read((long)position, bytes);
        return true;
    }

    public bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes)
    {
        medium.Read(reader.BankOffset(slot) + (long)offset, bytes);
        return true;
    }

    public bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes)
    {
        medium.Write(reader.BankOffset(slot) + (long)offset, bytes);
        return true;
    }

    public bool TryFlush(BankSlot slot)
    {
        medium.Flush();
        return true;
    }

    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector)
    {
        medium.Write(reader.StateOffset(second), sector);
        medium.Flush();
        return true;
    }

    public void Report(ulong done, ulong all)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(((long)done, (long)all));
    }
}
