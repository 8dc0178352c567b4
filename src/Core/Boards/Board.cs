using Ember.Platform.Console;
using Ember.Platform.Uefi;

namespace Ember.Core.Boards;

/// <summary>A board that nothing is known of. A vendor's own <c>Board</c> is compiled in place of this file.</summary>
internal struct Board : IBoardSupport
{
    /// <inheritdoc/>
    public static ushort ConsolePort => SerialPort.Com1;

    /// <inheritdoc/>
    public static ulong TickInterval => 0;

    /// <inheritdoc/>
    public static unsafe bool Identify(EfiSystemTable* system) => true;

    /// <inheritdoc/>
    public static void Start()
    {
    }

    /// <inheritdoc/>
    public static void Tick(ulong now)
    {
    }

    /// <inheritdoc/>
    public static void Show(BoardState state)
    {
    }
}
