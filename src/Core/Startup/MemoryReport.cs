using System;
using Ember.Core.Console;
using Ember.Platform.Text;

namespace Ember.Core.Startup;

/// <summary>Says what memory is held, and for what: a line that <c>ember footprint</c> and tests read.</summary>
internal static class MemoryReport
{
    /// <summary>The line, with a mark for each account. All that is held is whole pages, so that nothing is rounded.</summary>
    private static ReadOnlySpan<byte> Line =>
        "memory: image # KiB, files # KiB, payloads # KiB, stacks # KiB, page tables # of # KiB, virtualization # KiB, "u8
        + "machines # KiB, guests # KiB, free # of # KiB"u8;

    public static void Write(in HostMemory memory)
    {
        LineBuffer line = default;
        Compose(in memory, ref line);
        SystemConsole.WriteLine(line.Text);
    }

    public static void Compose(in HostMemory memory, ref LineBuffer line)
    {
        MemoryAccount account = 0;
        foreach (byte character in Line)
        {
            if (character == '#')
            {
                line.AppendDecimal(memory.BytesOf(account++) / 1024);
            }
            else
            {
                line.Append(character);
            }
        }
    }
}
