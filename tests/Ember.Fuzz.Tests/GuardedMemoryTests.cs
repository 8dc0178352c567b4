using System.IO;
using System.Runtime.InteropServices;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Targets;

namespace Ember.Fuzz.Tests;

/// <summary>What ends the process, asked of the system, which says so and goes on.</summary>
public sealed unsafe partial class GuardedMemoryTests
{
    private const int BadAddress = 14;

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(GuardedMemory.MaximumLength)]
    public void Nothing_can_be_read_behind_the_bytes(int length)
    {
        using GuardedMemory memory = Corpus.MemoryFor(FuzzTargets.Of("plan"));
        using FileStream sink = new(Path.Combine(Corpus.Output, "sink"), FileMode.Create);
        int descriptor = (int)sink.SafeFileHandle.DangerousGetHandle();
        fixed (byte* start = memory.Place(new byte[length]))
        {
            Assert.Equal(1, Write(descriptor, start + length - 1, 1));
            Assert.Equal(-1, Write(descriptor, start + length, 1));
            Assert.Equal(BadAddress, Marshal.GetLastPInvokeError());
        }
    }

    [Fact]
    public void What_was_being_read_when_a_process_ended_is_in_the_file()
    {
        string path = Path.Combine(Corpus.Output, "test.running");
        using (GuardedMemory memory = new(path))
        {
            memory.Place([1, 2, 3]);
            memory.Place([4, 5]);
            Assert.Equal([4, 5], GuardedMemory.Recover(path));
        }

        Assert.False(File.Exists(path));
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, byte* bytes, nuint length);
}
