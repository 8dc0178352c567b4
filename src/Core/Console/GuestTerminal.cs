using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ember.Platform.Console;
using Ember.Platform.Processors;

namespace Ember.Core.Console;

/// <summary>
/// A virtual machine's end of the console: the line it is writing, and what was typed for it. It stays at its place in memory once it
/// was connected (<see cref="SystemConsole.Connect"/>).
/// </summary>
internal struct GuestTerminal
{
    /// <summary>The longest name, in bytes.</summary>
    public const int LongestName = 31;

    /// <summary>What was typed for it. <see cref="SystemConsole"/> adds, the owner takes.</summary>
    public InputRing Input;

    /// <summary>Held for a byte or a line that goes out: taken before the console's own lock, never behind it.</summary>
    public TicketLock Lock;

    /// <summary>Whole lines, while it is not attached.</summary>
    public GuestLine Line;

    /// <summary>Watches it while it is attached.</summary>
    public PrefixGuard Guard;

    /// <summary>Where in an escape sequence it is while it is attached.</summary>
    public EscapeSequence Escape;

    private NameText _name;
    private int _nameLength;

    /// <summary>A terminal nobody has written to.</summary>
    /// <param name="name">The machine's name, cut to <see cref="LongestName"/> bytes.</param>
    public GuestTerminal(ReadOnlySpan<byte> name)
    {
        _nameLength = Math.Min(name.Length, LongestName);
        name.Slice(0, _nameLength).CopyTo(_name);
        Index = -1;
    }

    /// <summary>Its place among the console's guests, or -1 before it was connected.</summary>
    public int Index { get; set; }

    /// <summary>The machine's name.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => ((ReadOnlySpan<byte>)_name).Slice(0, _nameLength);

    [InlineArray(LongestName)]
    private struct NameText
    {
        private byte _first;
    }
}
