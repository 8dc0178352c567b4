using Ember.Platform.Uefi;

namespace Ember.Core.Boards;

/// <summary>
/// What a vendor adds to the core: the server's own board. A type <c>Ember.Core.Boards.Board</c> implements it; the core calls that type
/// directly, so a member that does nothing costs nothing. Everything but <see cref="Show"/> is called on the boot processor only.
/// </summary>
internal unsafe interface IBoardSupport
{
    /// <summary>Where the core speaks and listens: <see cref="Platform.Console.SerialPort.Com1"/> or
    /// <see cref="Platform.Console.SerialPort.Com2"/>. A constant.</summary>
    static abstract ushort ConsolePort { get; }

    /// <summary>Nanoseconds from one <see cref="Tick"/> to the next, 200 ms late at most; 0 for none. A constant.</summary>
    static abstract ulong TickInterval { get; }

    /// <summary>
    /// Called once while the firmware still runs, before anything else: looks which board this is. Boot services may be called.
    /// </summary>
    /// <param name="system">The firmware's system table.</param>
    /// <returns>False, after a line that says why: the core does not run on this board, and stays.</returns>
    static abstract bool Identify(EfiSystemTable* system);

    /// <summary>Called once when the machine is the core's, before any virtual machine starts: sets the board up.</summary>
    static abstract void Start();

    /// <summary>
    /// Called again and again from then on, between turns of virtual processors: the audit's rules for the exit path hold for it. While
    /// one virtual machine starts it is not called.
    /// </summary>
    /// <param name="now">Nanoseconds since the core's clock started.</param>
    static abstract void Tick(ulong now);

    /// <summary>
    /// Called when the appliance as a whole comes into another state. For <see cref="BoardState.Crashed"/> on the processor that crashed,
    /// maybe inside an interrupt, while all others are halted; the audit's rules for the exit path hold.
    /// </summary>
    /// <param name="state">The state.</param>
    static abstract void Show(BoardState state);
}
