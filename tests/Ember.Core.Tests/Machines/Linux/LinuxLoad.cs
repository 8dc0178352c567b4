using System.Text;
using Ember.Core.Machines.Linux;
using Ember.Core.Memory;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Machines.Linux;

internal static unsafe class LinuxLoad
{
    public static LinuxBootStatus Try(
        in GuestMemory memory, byte[] kernel, long kernelLength, byte[] initrd, string commandLine, out GuestEntry entry)
    {
        fixed (byte* kernelBytes = kernel)
        {
            fixed (byte* initrdBytes = initrd)
            {
                LinuxImages images = new()
                {
                    Kernel = kernelBytes,
                    KernelLength = (ulong)kernelLength,
                    Initrd = initrdBytes,
                    InitrdLength = (ulong)initrd.Length,
                    CommandLine = Encoding.ASCII.GetBytes(commandLine),
                    Rsdp = 0xE_0000,
                };
                return LinuxBoot.TryLoad(memory, images, out entry);
            }
        }
    }
}
