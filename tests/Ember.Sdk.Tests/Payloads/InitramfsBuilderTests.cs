using System;
using System.IO;
using System.Linq;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;
using Iced.Intel;

namespace Ember.Sdk.Tests.Payloads;

public sealed class InitramfsBuilderTests
{
    [Fact]
    public void It_holds_what_the_kernel_and_the_script_need()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["archive"], InitramfsBuilder.Build("the box"u8, "#!/bin/sh\n"u8));

        (string text, int exitCode) = HostTool.Run("cpio", "cpio", "-itv", "--quiet", "--numeric-uid-gid", "-F", folder["archive"]);

        Assert.Equal(0, exitCode);
        string[] lines =
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
        ];
        Assert.Contains("crw-r--r-- 1 0 0 5, 1 Jan 1 1970 dev/console", lines);
        Assert.Contains("crw-rw-rw- 1 0 0 1, 3 Jan 1 1970 dev/null", lines);
        Assert.Contains("-rwxr-xr-x 1 0 0 7 Jan 1 1970 bin/busybox", lines);
        Assert.Contains("lrwxrwxrwx 1 0 0 7 Jan 1 1970 bin/sh -> busybox", lines);
        Assert.Contains("-rwxr-xr-x 1 0 0 10 Jan 1 1970 init", lines);
        Assert.Contains($"-rwxr-xr-x 1 0 0 {BootTimerProgram.Assemble().Length} Jan 1 1970 bin/boot-timer", lines);
        Assert.Contains("drwxr-xr-x 2 0 0 0 Jan 1 1970 proc", lines);
    }

    [Fact]
    public void The_same_parts_give_the_same_bytes()
    {
        Assert.Equal(InitramfsBuilder.Build("box"u8, "script"u8), InitramfsBuilder.Build("box"u8, "script"u8));
    }

    /// <summary>The fields of the System V ABI by their offsets, and the instructions as Iced reads them.</summary>
    [Fact]
    public void The_boot_timer_is_an_executable_that_writes_one_byte_to_the_port()
    {
        byte[] file = BootTimerProgram.Assemble();
        ulong entry = BitConverter.ToUInt64(file, 24);
        int segment = BitConverter.ToInt32(file, 32);
        ulong address = BitConverter.ToUInt64(file, segment + 16);

        Assert.Equal([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1], file[..7]);
        Assert.Equal((2, 62), (BitConverter.ToUInt16(file, 16), BitConverter.ToUInt16(file, 18)));
        Assert.Equal((64, 56, 1), (BitConverter.ToUInt16(file, 52), BitConverter.ToUInt16(file, 54), BitConverter.ToUInt16(file, 56)));
        Assert.Equal((1u, 5u), (BitConverter.ToUInt32(file, segment), BitConverter.ToUInt32(file, segment + 4)));
        Assert.Equal(0ul, BitConverter.ToUInt64(file, segment + 8));
        Assert.Equal((ulong)file.Length, BitConverter.ToUInt64(file, segment + 32));

        Decoder decoder = Decoder.Create(64, file[(int)(entry - address)..], entry);
        string[] instructions = [.. decoder.Select(instruction => instruction.ToString())];
        Assert.Equal(
            [
                "mov eax,0ADh", "mov edi,0EB00h", "mov esi,1", "mov edx,1", "syscall", "test eax,eax",
                $"jne short {entry + 43:X16}h", "mov edx,0EB00h", "mov al,1", "out dx,al", "xor edi,edi", "mov eax,3Ch", "syscall",
                "mov edi,1", "mov eax,3Ch", "syscall",
            ],
            instructions);
    }
}
