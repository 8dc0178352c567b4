using System.Collections.Generic;

namespace Ember.Platform.Tests.Memory;

/// <summary>Reads four-level page tables as AMD APM volume 2, section 5.3 describes them; shares nothing with the builder.</summary>
internal static unsafe class ReferenceWalk
{
    internal sealed record Leaf(ulong Entry, ulong Size, ulong Physical)
    {
        public bool Writable => (Entry & 2) != 0;

        public bool Executable => (Entry >> 63) == 0;
    }

    /// <summary>Every leaf by its first address, whatever its size.</summary>
    public static Dictionary<ulong, Leaf> Leaves(ulong root)
    {
        var leaves = new Dictionary<ulong, Leaf>();
        Walk(root, 39, 0, leaves);
        return leaves;
    }

    /// <summary>Every mapped 4 KiB page by its address, large pages taken apart.</summary>
    public static Dictionary<ulong, Leaf> Pages(ulong root)
    {
        var pages = new Dictionary<ulong, Leaf>();
        foreach ((ulong start, Leaf leaf) in Leaves(root))
        {
            for (ulong offset = 0; offset < leaf.Size; offset += 4096)
            {
                pages.Add(start + offset, leaf with { Physical = leaf.Physical + offset });
            }
        }

        return pages;
    }

    private static void Walk(ulong table, int shift, ulong start, Dictionary<ulong, Leaf> leaves)
    {
        for (ulong i = 0; i < 512; i++)
        {
            ulong entry = ((ulong*)table)[i];
            ulong address = start + (i << shift);
            if ((entry & 1) == 0)
            {
                continue;
            }

            ulong target = entry & 0x000F_FFFF_FFFF_F000;
            if (shift == 12 || (entry & 0x80) != 0)
            {
                ulong size = 1ul << shift;
                leaves.Add(address, new Leaf(entry, size, target / size * size));
            }
            else
            {
                Walk(target, shift - 9, address, leaves);
            }
        }
    }
}
