using System.Globalization;
using Ember.Sdk.Footprint;

namespace Ember.Sdk.Tests.Footprint;

/// <summary>The core's line about the memory it holds, read.</summary>
public sealed class RunTimeMemoryTests
{
    private const string Good =
        "ember: memory: image 1 KiB, files 2 KiB, payloads 3 KiB, stacks 4 KiB, page tables 8 of 16 KiB, virtualization 32 KiB, machines 64 KiB, "
        + "guests 128 KiB, free 256 of 512 KiB";

    [Fact]
    public void Every_part_is_read_in_bytes()
    {
        Assert.True(RunTimeMemory.TryParse(Good, out RunTimeMemory? memory));
        long[] parts =
        [
            memory.Image, memory.Files, memory.Payloads, memory.Stacks, memory.PageTablesUsed, memory.PageTables, memory.Virtualization, memory.Machines,
            memory.Guests, memory.Free, memory.Found,
        ];
        Assert.Equal([1024, 2048, 3072, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288], parts);
        Assert.Equal((1 + 2 + 4 + 16 + 32 + 64) * 1024, memory.Own);
        Assert.Equal((4 + 16 + 32 + 64 + 128 + 256) * 1024, memory.Accounted);
    }

    [Theory]
    [InlineData("ember: ", "")]
    [InlineData("ember: memory", "vm: memory")]
    [InlineData("image 1 KiB", "image 1 kB")]
    [InlineData("image 1 KiB", "image -1 KiB")]
    [InlineData("image 1 KiB", "image 1.5 KiB")]
    [InlineData("image 1 KiB", "image ١ KiB")]
    [InlineData("image 1 KiB", "image  1 KiB")]
    [InlineData("files 2 KiB, ", "")]
    [InlineData("stacks 4 KiB", "stacks 4 KiB, stacks 4 KiB")]
    [InlineData("8 of 16", "17 of 16")]
    [InlineData("256 of 512", "513 of 512")]
    [InlineData("guests 128", "guests 99999999999999999999")]
    [InlineData("guests 128", "guests 9223372036854775807")]
    [InlineData("512 KiB", "512 KiB.")]
    [InlineData("512 KiB", "512 KiB\n")]
    public void A_line_that_differs_is_refused(string part, string other)
    {
        string line = Good.Replace(part, other, ignoreCase: false, CultureInfo.InvariantCulture);
        Assert.False(RunTimeMemory.TryParse(line, out RunTimeMemory? memory));
        Assert.Null(memory);
    }
}
