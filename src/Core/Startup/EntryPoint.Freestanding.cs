using System.Runtime;
using System.Runtime.CompilerServices;

namespace Ember.Core.Startup;

internal static unsafe class EntryPoint
{
    [RuntimeExport("EfiMain")]
    private static nuint EfiMain(void* imageHandle, void* systemTable)
    {
        foreach (byte b in "ember: hello\r\n"u8)
        {
            Out8(0x3F8, b);
        }

        while (true)
        {
        }
    }

    [RuntimeExport("EmberHandleInterrupt")]
    private static void HandleInterrupt(void* frame)
    {
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberOut8")]
    private static extern void Out8(ushort port, byte value);
}
