namespace System.Runtime.CompilerServices;

public static class RuntimeHelpers
{
    [Intrinsic]
    public static void InitializeArray(Array array, RuntimeFieldHandle fldHandle) { }

    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle) => default;
}

/// <summary>Must exist, empty: if it is absent, ilc turns static constructors it cannot run into eager ones that nobody
/// calls; while it is empty, needing one fails the build.</summary>
internal static class ClassConstructorRunner { }
