namespace System.Runtime.InteropServices;

public enum LayoutKind
{
    Sequential = 0, Explicit = 2, Auto = 3,
}

public sealed class StructLayoutAttribute : Attribute
{
    public StructLayoutAttribute(LayoutKind layoutKind) { }
    public LayoutKind Value { get; }
    public int Pack;
    public int Size;
}

public sealed class FieldOffsetAttribute : Attribute
{
    public FieldOffsetAttribute(int offset) { }
}

public sealed class InAttribute : Attribute { }
public sealed class OutAttribute : Attribute { }

public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    public string? EntryPoint;
}

public enum UnmanagedType
{
    Bool = 2, I1 = 3, U1 = 4,
}

public sealed class MarshalAsAttribute : Attribute
{
    public MarshalAsAttribute(UnmanagedType unmanagedType) { }
}

/// <summary>Asked for by ilc; nothing implements it.</summary>
internal interface IDynamicInterfaceCastable
{
    private static nint GetDynamicInterfaceImplementation(IDynamicInterfaceCastable instance, nint interfaceType, ushort slot) => 0;
}

public static class MemoryMarshal
{
    public static ref T GetReference<T>(Span<T> span) => ref span._reference;
    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span._reference;
    public static Span<T> CreateSpan<T>(scoped ref T reference, int length) =>
        new(ref CompilerServices.Unsafe.AsRef(in reference), length);
    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(scoped ref readonly T reference, int length) =>
        new(ref CompilerServices.Unsafe.AsRef(in reference), length);
}
