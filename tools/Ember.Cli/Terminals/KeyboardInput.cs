using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Validation;
using Microsoft.Win32.SafeHandles;

namespace Ember.Cli.Terminals;

/// <summary>Passes what a person types on to a machine's serial port, until Ctrl-\. Ctrl-] is the appliance's own.</summary>
internal static class KeyboardInput
{
    private const byte Leave = 0x1C;

    /// <summary>Reads standard input until Ctrl-\ or its end. The task is done when the person wants to leave.</summary>
    public static Task PassOnAsync(IEmulatedMachine machine, CancellationToken cancellation) => Task.Run(
        async () =>
        {
            using SafeFileHandle handle = new(0, ownsHandle: false);
            using FileStream input = new(handle, FileAccess.Read, bufferSize: 0);
            byte[] buffer = new byte[256];
            for (int count = input.Read(buffer); count > 0; count = input.Read(buffer))
            {
                int leave = buffer.AsSpan(0, count).IndexOf(Leave);
                await machine.SendAsync(buffer.AsMemory(0, leave < 0 ? count : leave), cancellation);
                if (leave >= 0)
                {
                    return;
                }
            }
        },
        cancellation);
}
