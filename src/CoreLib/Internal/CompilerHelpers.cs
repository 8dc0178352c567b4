using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Where compiled code goes when a check fails: no exception, the machine's own fault path.</summary>
internal static class ThrowHelpers
{
    internal static void ThrowIndexOutOfRangeException() => Fail();
    internal static void ThrowOverflowException() => Fail();
    internal static void ThrowDivideByZeroException() => Fail();
    internal static void ThrowNullReferenceException() => Fail();
    internal static void ThrowFeatureBodyRemoved() => Fail();
    internal static void ThrowInvalidProgramException() => Fail();
    internal static void ThrowInvalidProgramExceptionWithArgument(string message) => Fail();
    internal static void ThrowTypeLoadException() => Fail();
    internal static void ThrowTypeLoadExceptionWithArgument(string message) => Fail();

    /// <summary>UD2 in a stub: the invalid-opcode handler prints who called.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberCheckFailed")]
    private static extern void Fail();
}

internal static class LdTokenHelpers
{
    internal static RuntimeFieldHandle GetRuntimeFieldHandle(nint value) => default;
}
