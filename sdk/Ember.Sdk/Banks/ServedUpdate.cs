using System;
using System.IO;
using Ember.Sdk.Output;

namespace Ember.Sdk.Banks;

/// <summary>The two files that a server offers at the address in a manifest: the update's head, which appliances ask for at each start, and
/// the update.</summary>
public static class ServedUpdate
{
    private const int PieceLength = 1 << 20;

    /// <summary>Writes both, the head last: an appliance that sees it finds the update it is of. Each appears whole or not at all.
    /// </summary>
    /// <param name="bundle">The update, whole or a delta.</param>
    /// <param name="folder">The server's folder; made if it is not there.</param>
    /// <exception cref="EmberException">The bundle cannot be read, or a file cannot be written (exit code 3).</exception>
    public static void Write(BundleFile bundle, string folder)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        using (AtomicFile update = AtomicFile.Create(Path.Combine(folder, BankNames.ServedBundle)))
        {
            byte[] piece = new byte[PieceLength];
            for (long at = 0; at < bundle.Length; at += piece.Length)
            {
                Span<byte> bytes = piece.AsSpan(0, (int)Math.Min(piece.Length, bundle.Length - at));
                bundle.Read(at, bytes);
                update.WriteAt(at, bytes);
            }

            update.Commit();
        }

        byte[] head = new byte[bundle.Head.DataOffset];
        bundle.Read(0, head);
        AtomicFile.WriteAllBytes(Path.Combine(folder, BankNames.ServedHead), head);
    }
}
