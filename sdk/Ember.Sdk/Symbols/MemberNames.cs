using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;

namespace Ember.Sdk.Symbols;

/// <summary>Names the methods, fields and types that metadata refers to.</summary>
/// <param name="metadata">The metadata.</param>
internal sealed class MemberNames(MetadataReader metadata)
{
    /// <summary>The names of types.</summary>
    public TypeNames Types { get; } = new(metadata);

    /// <summary>What a method, or a reference to a method or field, is called.</summary>
    /// <exception cref="BadImageFormatException">It is none.</exception>
    public SourceMember Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.MethodDefinition => Of((MethodDefinitionHandle)handle),
        HandleKind.MemberReference => Of((MemberReferenceHandle)handle, []),
        HandleKind.MethodSpecification => Of((MethodSpecificationHandle)handle),
        _ => throw new BadImageFormatException($"a {handle.Kind} where a method or field should be"),
    };

    private SourceMember Of(MethodSpecificationHandle handle)
    {
        MethodSpecification specification = metadata.GetMethodSpecification(handle);
        return specification.Method.Kind == HandleKind.MethodDefinition
            ? Of((MethodDefinitionHandle)specification.Method)
            : Of((MemberReferenceHandle)specification.Method, specification.DecodeSignature(Types, default));
    }

    private SourceMember Of(MethodDefinitionHandle handle)
    {
        MethodDefinition method = metadata.GetMethodDefinition(handle);
        return Named(
            Types.Of(method.GetDeclaringType()), metadata.GetString(method.Name), "", method.GetGenericParameters().Count,
            Parameters(method.DecodeSignature(Types, default)));
    }

    private SourceMember Of(MemberReferenceHandle handle, ImmutableArray<TypeName> arguments)
    {
        MemberReference member = metadata.GetMemberReference(handle);
        string generic = arguments.IsEmpty ? "" : $"<{string.Join(", ", arguments.Select(a => a.Text))}>";
        string parameters = member.GetKind() == MemberReferenceKind.Method ? Parameters(member.DecodeMethodSignature(Types, default)) : "";
        return Named(Types.Of(member.Parent), metadata.GetString(member.Name), generic, arguments.Length, parameters);
    }

    private static SourceMember Named(TypeName type, string name, string generic, int arity, string parameters) =>
        new(type.Assembly, type.Namespace, type.Text, $"{name}{generic}{parameters}")
        {
            GenericDefinition = arity != 0 || type.IsGeneric
                ? $"{type.Definition}.{name}{(arity == 0 ? "" : $"``{arity}")}{parameters}"
                : null,
        };

    private static string Parameters(MethodSignature<TypeName> signature) =>
        $"({string.Join(", ", signature.ParameterTypes.Select(p => p.Text))})";
}
