using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;

namespace Ember.Sdk.Symbols;

/// <summary>Turns the types in signatures into names.</summary>
/// <param name="metadata">The metadata that the signatures are in.</param>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<TypeName, object?>
{
    public TypeName Of(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                TypeName outer = Of((TypeReferenceHandle)type.ResolutionScope);
                return outer with { Text = $"{outer.Text}.{WithoutArity(name)}", Definition = $"{outer.Definition}+{name}" };
            case HandleKind.AssemblyReference:
                string space = metadata.GetString(type.Namespace);
                string assembly = metadata.GetString(
                    metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
                return new TypeName(assembly, space, WithoutArity(name), space.Length == 0 ? name : $"{space}.{name}");
            default:
                throw new BadImageFormatException($"type {name} lies in a {type.ResolutionScope.Kind}");
        }
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

    public TypeName GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        throw new BadImageFormatException("a type is defined where types are only referred to");

    private static string WithoutArity(string name)
    {
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick];
    }
}
