using System;
using System.IO;
using System.Linq;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Payloads;

public sealed class CpioWriterTests
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode All = (UnixFileMode)0x1FF;

    [Fact]
    public void Cpio_lists_what_was_added()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["archive"], Archive());

        (string text, int exitCode) = HostTool.Run("cpio", "cpio", "-itv", "--quiet", "--numeric-uid-gid", "-F", folder["archive"]);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            [
                "drwxrwxrwx 2 0 0 0 Jan 1 1970 dev",
                "crw-r--r-- 1 0 0 5, 1 Jan 1 1970 dev/console",
                "crw-r--r-- 1 0 0 4, 64 Jan 1 1970 dev/ttyS0",
                "-rwxrwxrwx 1 0 0 0 Jan 1 1970 empty",
                "-rw-r--r-- 1 0 0 1 Jan 1 1970 a",
                "-rw-r--r-- 1 0 0 2 Jan 1 1970 ab",
                "-rw-r--r-- 1 0 0 5 Jan 1 1970 abc",
                "lrwxrwxrwx 1 0 0 3 Jan 1 1970 link -> abc",
            ],
            text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Theory]
    [InlineData("a", "1")]
    [InlineData("ab", "22")]
    [InlineData("abc", "55555")]
    [InlineData("empty", "")]
    public void Cpio_gives_the_content_back(string name, string content)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["archive"], Archive());

        (string text, int exitCode) = HostTool.Run("cpio", "cpio", "-i", "--quiet", "--to-stdout", "-F", folder["archive"], name);

        Assert.Equal((content, 0), (text, exitCode));
    }

    [Fact]
    public void The_same_calls_give_the_same_bytes_in_whole_blocks()
    {
        Assert.Equal(Archive(), Archive());
        Assert.Equal(0, Archive().Length % 512);
    }

    private static byte[] Archive()
    {
        using MemoryStream output = new();
        CpioWriter writer = new(output);
        writer.AddDirectory("dev", All);
        writer.AddCharacterDevice("dev/console", Plain, 5, 1);
        writer.AddCharacterDevice("dev/ttyS0", Plain, 4, 64);
        writer.AddFile("empty", All, []);
        writer.AddFile("a", Plain, "1"u8);
        writer.AddFile("ab", Plain, "22"u8);
        writer.AddFile("abc", Plain, "55555"u8);
        writer.AddLink("link", "abc");
        writer.Finish();
        return output.ToArray();
    }
}
