using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Sdk;

namespace Ember.Cli.Terminals;

/// <summary>
/// The terminal on standard input, put into raw mode: every key goes to the machine, Ctrl-C too. Disposing puts it back as it
/// was.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int AfterOutput = 1;

    private readonly Settings _former;

    private RawTerminal(Settings former) => _former = former;

    /// <summary>Puts the terminal into raw mode.</summary>
    /// <exception cref="EmberException">Standard input is no terminal (exit code 3).</exception>
    public static RawTerminal Enter()
    {
        if (GetSettings(StandardInput, out Settings settings) != 0)
        {
            throw new EmberException(
                ErrorKind.Host, "--interactive needs a terminal on standard input; leave it out, or run in a terminal");
        }

        Settings raw = settings;
        MakeRaw(ref raw);
        if (SetSettings(StandardInput, AfterOutput, in raw) != 0)
        {
            throw new EmberException(ErrorKind.Host, $"the terminal refuses raw mode: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        return new RawTerminal(settings);
    }

    /// <inheritdoc/>
    public void Dispose() => _ = SetSettings(StandardInput, AfterOutput, in _former);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetSettings(int file, out Settings settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    private static partial int SetSettings(int file, int when, in Settings settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw(ref Settings settings);

    // struct termios: 60 bytes with glibc and musl on Linux; what is in it is libc's business.
    [InlineArray(64)]
    private struct Settings
    {
        private byte _first;
    }
}
