using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;

namespace Ember.Sdk.Symbols;

/// <summary>Turns the types in signatures into names.</summary>
/// <param name="metadata">The metadata that the signatures are in.</param>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<TypeName, object?>
{
    /// <summary>The name of a type, whatever kind of handle stands for it.</summary>
    public TypeName Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => Of((TypeDefinitionHandle)handle),
        HandleKind.TypeReference => Of((TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, default),
        _ => throw new BadImageFormatException($"a {handle.Kind} where a type should be"),
    };

    public TypeName Of(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                return Nested(Of((TypeReferenceHandle)type.ResolutionScope), name);
            case HandleKind.AssemblyReference:
                string space = metadata.GetString(type.Namespace);
                string assembly = metadata.GetString(
                    metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
                return Outermost(assembly, space, name);
            default:
                throw new BadImageFormatException($"type {name} lies in a {type.ResolutionScope.Kind}");
        }
    }

    public TypeName Of(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        bool isGeneric = type.GetGenericParameters().Count != 0;
        if (type.IsNested)
        {
            TypeName outer = Of(type.GetDeclaringType());
            return Nested(outer, name) with { IsGeneric = isGeneric };
        }

        string space = metadata.GetString(type.Namespace);
        return Outermost(metadata.GetString(metadata.GetAssemblyDefinition().Name), space, name) with { IsGeneric = isGeneric };
    }

    public TypeName GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(handle);

    public TypeName GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public TypeName GetGenericInstantiation(TypeName genericType, ImmutableArray<TypeName> typeArguments) => genericType with
    {
        Text = $"{genericType.Text}<{string.Join(", ", typeArguments.Select(argument => argument.Text))}>",
        IsGeneric = true,
    };

    public TypeName GetPrimitiveType(PrimitiveTypeCode typeCode) => TypeName.BuiltIn(typeCode.ToString());

    public TypeName GetSZArrayType(TypeName elementType) => TypeName.Of(elementType, "[]");

    public TypeName GetArrayType(TypeName elementType, ArrayShape shape) => TypeName.Of(elementType, $"[{new string(',', shape.Rank - 1)}]");

    public TypeName GetByReferenceType(TypeName elementType) => TypeName.Of(elementType, "&");

    public TypeName GetPointerType(TypeName elementType) => TypeName.Of(elementType, "*");

    public TypeName GetPinnedType(TypeName elementType) => elementType;

    public TypeName GetModifiedType(TypeName modifier, TypeName unmodifiedType, bool isRequired) => unmodifiedType;

    public TypeName GetGenericMethodParameter(object? genericContext, int index) => TypeName.BuiltIn($"!!{index}");

    public TypeName GetGenericTypeParameter(object? genericContext, int index) => TypeName.BuiltIn($"!{index}");

    public TypeName GetFunctionPointerType(MethodSignature<TypeName> signature) => TypeName.BuiltIn("delegate*");

    public TypeName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Of(handle);

    private static TypeName Nested(TypeName outer, string name) =>
        outer with { Text = $"{outer.Text}.{WithoutArity(name)}", Definition = $"{outer.Definition}+{name}" };

    private static TypeName Outermost(string assembly, string space, string name) =>
        new(assembly, space, WithoutArity(name), space.Length == 0 ? name : $"{space}.{name}");

    private static string WithoutArity(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick];
    }
}
