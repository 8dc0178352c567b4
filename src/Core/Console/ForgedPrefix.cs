namespace Ember.Core.Console;

/// <summary>Whose lines a guest's text seems to be.</summary>
internal enum ForgedPrefix : byte
{
    /// <summary>Its own.</summary>
    None,

    /// <summary>The core's: <c>ember: </c>.</summary>
    Core,

    /// <summary>A virtual machine's: <c>NAME| </c> or <c>NAME|+</c>.</summary>
    Machine,
}
