using System;
using Ember.Formats.Banks;

namespace Ember.Loader;

/// <summary>What choosing and loading a bank needs of the machine and its key. The firmware gives it; on the host, a test's medium does.
/// </summary>
internal unsafe interface IBootMedium : IStateMedium
{
    /// <summary>A number for a start that no other start has had, not 0.</summary>
    ulong NewAttempt { get; }

    /// <summary>The number of the start of which the core has said that its virtual machines came up; 0 for none.</summary>
    ulong ConfirmedAttempt { get; }

    /// <summary>The least security version that this machine takes.</summary>
    uint MinimumSecurityVersion { get; }

    /// <summary>Whether somebody at the keyboard asks for the other bank.</summary>
    bool IsRollBackAsked { get; }

    /// <summary>A count that goes on evenly, for measuring how long something takes.</summary>
    ulong Ticks { get; }

    /// <summary>How far it goes in a millisecond, not 0.</summary>
    ulong TicksPerMillisecond { get; }

    /// <summary>Reads both copies of the banks' state.</summary>
    /// <param name="first"><see cref="BankState.Size"/> bytes.</param>
    /// <param name="second"><see cref="BankState.Size"/> bytes.</param>
    bool TryReadState(Span<byte> first, Span<byte> second);

    /// <summary>Has this machine refuse lower security versions from now on.</summary>
    bool TryRaiseSecurityVersion(uint version);

    /// <summary>Loads a whole file of a bank into pages of its own.</summary>
    /// <param name="slot">A or B.</param>
    /// <param name="name">ASCII.</param>
    /// <param name="longest">A longer file is not loaded.</param>
    /// <param name="address">Where it lies; null when nothing needs to be released.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Empty, or what is wrong, to follow the file's name.</returns>
    ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length);

    /// <summary>Gives back what <see cref="Load"/> took.</summary>
    void Release(byte* address, ulong length);

    /// <summary>Shows the vendor's picture, if it is one and there is a screen that it fits on.</summary>
    /// <param name="logo">A file that <see cref="BootLogo"/> reads.</param>
    void Show(ReadOnlySpan<byte> logo);

    /// <summary>Says something: a line without "ember: " and its end.</summary>
    void WriteLine(ReadOnlySpan<byte> line);
}
