namespace Ember.Sdk.Symbols;

/// <summary>Where in the sources something comes from.</summary>
/// <param name="Assembly">The assembly, <c>Ember.Core</c>; <c>Ember.Stubs</c> for machine code; <c>ilc</c> for the compiler's own.</param>
/// <param name="Namespace">The namespace; empty when there is none.</param>
/// <param name="Type">The type with its type arguments, <c>VirtualMachine&lt;SvmProcessor&gt;</c>; empty when there is none.</param>
/// <param name="Member">The member with its parameters, <c>Append(ReadOnlySpan&lt;Byte&gt;)</c>, or the symbol's name.</param>
public sealed record SourceMember(string Assembly, string Namespace, string Type, string Member)
{
    /// <summary>
    /// The same for every instantiation of a generic: type and member without their arguments, <c>VirtualMachine`1.Run</c>; null when
    /// nothing about it is generic.
    /// </summary>
    public string? GenericDefinition { get; init; }

    /// <summary>The type's name without its namespace and the member, for people: <c>LineBuffer.Append(Byte)</c>.</summary>
    public string ShortName => Type.Length == 0 ? Member : $"{Type}.{Member}";

    /// <summary>Namespace, type and member: <c>Ember.Platform.Text.LineBuffer.Append(Byte)</c>.</summary>
    public string FullName => Namespace.Length == 0 ? ShortName : $"{Namespace}.{ShortName}";
}
