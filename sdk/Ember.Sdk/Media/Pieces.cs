using System;

namespace Ember.Sdk.Media;

/// <summary>Pieces of a medium that lie over each other.</summary>
internal static class Pieces
{
    /// <summary>Copies what two pieces have in common from one to the other.</summary>
    /// <param name="from">The piece that is read.</param>
    /// <param name="fromOffset">Where on the medium it begins.</param>
    /// <param name="to">The piece that is written.</param>
    /// <param name="toOffset">Where on the medium that begins.</param>
    public static void Overlap(ReadOnlySpan<byte> from, long fromOffset, Span<byte> to, long toOffset)
    {
        long begin = Math.Max(fromOffset, toOffset);
        long end = Math.Min(fromOffset + from.Length, toOffset + to.Length);
        if (begin < end)
        {
            from.Slice((int)(begin - fromOffset), (int)(end - begin)).CopyTo(to[(int)(begin - toOffset)..]);
        }
    }
}
