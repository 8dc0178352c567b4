namespace System.Runtime.CompilerServices;

public static class RuntimeFeature
{
    public const string PortablePdb = nameof(PortablePdb);
    public const string DefaultImplementationsOfInterfaces = nameof(DefaultImplementationsOfInterfaces);
    public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);
    public const string CovariantReturnsOfClasses = nameof(CovariantReturnsOfClasses);
    public const string ByRefFields = nameof(ByRefFields);
    public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);
    public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);
    public const string NumericIntPtr = nameof(NumericIntPtr);
}

public enum MethodImplOptions
{
    Unmanaged = 4, NoInlining = 8, ForwardRef = 16, Synchronized = 32, NoOptimization = 64, PreserveSig = 128,
    AggressiveInlining = 256, AggressiveOptimization = 512, InternalCall = 4096,
}

public sealed class MethodImplAttribute : Attribute
{
    public MethodImplAttribute(MethodImplOptions methodImplOptions) { }
}

internal sealed class IntrinsicAttribute : Attribute { }
public sealed class CompilerGeneratedAttribute : Attribute { }
public sealed class ExtensionAttribute : Attribute { }
public sealed class IsReadOnlyAttribute : Attribute { }
public sealed class IsByRefLikeAttribute : Attribute { }
public sealed class ScopedRefAttribute : Attribute { }
public sealed class SkipLocalsInitAttribute : Attribute { }
public sealed class InterpolatedStringHandlerAttribute : Attribute { }
public sealed class InterpolatedStringHandlerArgumentAttribute : Attribute
{
    public InterpolatedStringHandlerArgumentAttribute(string argument) { }
    public InterpolatedStringHandlerArgumentAttribute(params string[] arguments) { }
}

public sealed class InlineArrayAttribute : Attribute
{
    public InlineArrayAttribute(int length) { }
}

public sealed class FixedBufferAttribute : Attribute
{
    public FixedBufferAttribute(Type elementType, int length) { }
}

public sealed class UnsafeValueTypeAttribute : Attribute { }
public sealed class RequiredMemberAttribute : Attribute { }
public sealed class ParamCollectionAttribute : Attribute { }
public sealed class RefSafetyRulesAttribute : Attribute
{
    public RefSafetyRulesAttribute(int version) { }
}

[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class InternalsVisibleToAttribute : Attribute
{
    public InternalsVisibleToAttribute(string assemblyName) { }
}

public sealed class CompilerFeatureRequiredAttribute : Attribute
{
    public CompilerFeatureRequiredAttribute(string featureName) { }
}

public sealed class TupleElementNamesAttribute : Attribute
{
    public TupleElementNamesAttribute(string?[] transformNames) { }
}

public static class IsVolatile { }
public static class IsExternalInit { }
public static class IsUnmanaged { }
