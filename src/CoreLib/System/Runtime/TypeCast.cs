namespace System.Runtime;

/// <summary>Roots ilc insists on. Nothing casts at run time, so none of these bodies is ever emitted.</summary>
internal static unsafe class TypeCast
{
    public static object CheckCastAny(void* targetType, object value) => value;
    public static object CheckCastInterface(void* targetType, object value) => value;
    public static object CheckCastClass(void* targetType, object value) => value;
    public static object CheckCastClassSpecial(void* targetType, object value) => value;
    public static object? IsInstanceOfAny(void* targetType, object? value) => value;
    public static object? IsInstanceOfInterface(void* targetType, object? value) => value;
    public static object? IsInstanceOfClass(void* targetType, object? value) => value;
    public static bool IsInstanceOfException(void* targetType, object? value) => false;
}
