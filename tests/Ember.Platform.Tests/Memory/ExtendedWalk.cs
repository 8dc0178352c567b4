using System.Collections.Generic;

namespace Ember.Platform.Tests.Memory;

/// <summary>
/// Reads extended page tables as Intel SDM volume 3, section 28.3.2 describes them, and refuses what a processor would call a
/// misconfiguration; shares nothing with the builder.
/// </summary>
internal static unsafe class ExtendedWalk
{
    /// <summary>One 4 KiB page: rights are bits 2:0 (read, write, execute), the type is that of MTRRs (0 uncached, 1 WC, 6 WB).</summary>
    internal sealed record Page(ulong Physical, int Rights, int MemoryType);

    /// <summary>Every mapped 4 KiB page by its guest-physical address, large pages taken apart.</summary>
    public static Dictionary<ulong, Page> Pages(ulong root)
    {
        Dictionary<ulong, Page> pages = [];
        Walk(root, 4, 0, 7, pages);
        return pages;
    }

    private static void Walk(ulong table, int level, ulong start, int rights, Dictionary<ulong, Page> pages)
    {
        ulong span = 1ul << (3 + (9 * level));
        for (ulong i = 0; i < 512; i++)
        {
            ulong entry = *(ulong*)(table + (i * 8));
            if ((entry & 7) == 0)
            {
                Assert.Equal(0ul, entry);
                continue;
            }

            Assert.True((entry & 1) != 0, $"entry {entry:x} can be written or executed, but not read");
            Assert.Equal(0ul, entry >> 52);
            int below = rights & (int)(entry & 7);
            bool leaf = level == 1 || (entry & 0x80) != 0;
            if (!leaf)
            {
                Assert.Equal(0ul, entry & 0xF8);
                Walk(entry & 0xF_FFFF_FFFF_F000, level - 1, start + (i * span), below, pages);
                continue;
            }

            Assert.InRange(level, 1, 3);
            int type = (int)(entry >> 3) & 7;
            Assert.Contains(type, (int[])[0, 1, 4, 5, 6]);
            ulong frame = entry & 0xF_FFFF_FFFF_F000;
            Assert.Equal(0ul, frame % span);
            for (ulong offset = 0; offset < span; offset += 4096)
            {
                pages.Add(start + (i * span) + offset, new Page(frame + offset, below, type));
            }
        }
    }
}
