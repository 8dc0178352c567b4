using System.IO;
using Ember.Sdk.Payloads;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Payloads;

public sealed class LinuxKernelTests
{
    [Fact]
    public void A_whole_kernel_is_read_and_so_is_one_with_a_signature_behind_it()
    {
        Assert.Equal("", FaultOf(SmallKernel.Make()));
        Assert.Equal("", FaultOf([.. SmallKernel.Make(), 1, 2, 3]));
    }

    [Fact]
    public void The_header_says_what_the_kernel_needs()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["vmlinuz"], SmallKernel.Make(0x1234_5000));

        Assert.Equal(new LinuxKernel(0x20F, 0x1234_5000), LinuxKernel.TryRead(folder["vmlinuz"], out _));
    }

    [Fact]
    public void Every_truncation_is_told()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["vmlinuz"], SmallKernel.Make());
        for (int length = SmallKernel.Length - 1; length >= 0; length--)
        {
            using (FileStream kernel = File.OpenWrite(folder["vmlinuz"]))
            {
                kernel.SetLength(length);
            }

            Assert.Null(LinuxKernel.TryRead(folder["vmlinuz"], out string fault));
            Assert.Equal(
                length < 0x268
                    ? $"is truncated: {length} bytes are less than a kernel's header"
                    : $"is truncated: {length} bytes of {SmallKernel.Length}",
                fault);
        }
    }

    [Theory]
    [InlineData(0x1FE, 0, "is not a Linux bzImage: its header has no 'HdrS'; boot = \"pvh\" or \"multiboot\" starts others")]
    [InlineData(0x202, 0, "is not a Linux bzImage: its header has no 'HdrS'; boot = \"pvh\" or \"multiboot\" starts others")]
    [InlineData(0x205, 0, "is not a Linux bzImage: its header has no 'HdrS'; boot = \"pvh\" or \"multiboot\" starts others")]
    [InlineData(0x206, 0x0B, "has no 64-bit entry; an x86-64 kernel of Linux 3.8 or later is needed")]
    [InlineData(0x236, 0xFE, "has no 64-bit entry; an x86-64 kernel of Linux 3.8 or later is needed")]
    [InlineData(0x1F1, 2, "is truncated: 1088 bytes of 1600")]
    [InlineData(0x1F1, 0, "is truncated: 1088 bytes of 2624")]
    [InlineData(0x1F4, 5, "is truncated: 1088 bytes of 1104")]
    [InlineData(0x1F7, 0xFF, "is truncated: 1088 bytes of 68451042368")]
    public void A_wrong_header_is_told(int offset, byte value, string expected)
    {
        byte[] kernel = SmallKernel.Make();
        kernel[offset] = value;

        Assert.Equal(expected, FaultOf(kernel));
    }

    private static string FaultOf(byte[] kernel)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["vmlinuz"], kernel);
        LinuxKernel? header = LinuxKernel.TryRead(folder["vmlinuz"], out string fault);
        Assert.Equal(fault.Length == 0, header is not null);
        return fault;
    }
}
