using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;

namespace Ember.Sdk.Symbols;

/// <summary>Names the methods, fields and types that metadata refers to.</summary>
/// <param name="metadata">The metadata.</param>
internal sealed class MemberNames(MetadataReader metadata)
{
    private readonly TypeNames _types = new(metadata);

    /// <summary>What a reference to a method or field refers to.</summary>
    /// <exception cref="BadImageFormatException">It is no such reference.</exception>
    public SourceMember Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.MemberReference => Of((MemberReferenceHandle)handle, []),
        HandleKind.MethodSpecification => Of((MethodSpecificationHandle)handle),
        _ => throw new BadImageFormatException($"a {handle.Kind} where a method or field should be"),
    };

    private SourceMember Of(MethodSpecificationHandle handle)
    {
        MethodSpecification specification = metadata.GetMethodSpecification(handle);
        return Of((MemberReferenceHandle)specification.Method, specification.DecodeSignature(_types, default));
    }

    private SourceMember Of(MemberReferenceHandle handle, ImmutableArray<TypeName> arguments)
    {
        MemberReference member = metadata.GetMemberReference(handle);
        TypeName type = member.Parent.Kind switch
        {
            HandleKind.TypeReference => _types.Of((TypeReferenceHandle)member.Parent),
            HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(_types, default),
            _ => throw new BadImageFormatException($"a member of a {member.Parent.Kind}"),
        };
        string name = metadata.GetString(member.Name);
        string generic = arguments.IsDefaultOrEmpty ? "" : $"<{string.Join(", ", arguments.Select(a => a.Text))}>";
        string parameters = member.GetKind() == MemberReferenceKind.Method
            ? $"({string.Join(", ", member.DecodeMethodSignature(_types, default).ParameterTypes.Select(p => p.Text))})"
            : "";
        return new SourceMember(type.Assembly, type.Namespace, type.Text, $"{name}{generic}{parameters}")
        {
            GenericDefinition = generic.Length != 0 || type.IsGeneric
                ? $"{type.Definition}.{name}{(generic.Length == 0 ? "" : $"``{arguments.Length}")}{parameters}"
                : null,
        };
    }
}
