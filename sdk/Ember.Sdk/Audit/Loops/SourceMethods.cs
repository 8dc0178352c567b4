using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit.Loops;

/// <summary>Reads the methods of one assembly, and which types its types derive from.</summary>
internal sealed class SourceMethods
{
    private const string BoundAttribute = "LoopBoundAttribute";

    private readonly PEReader _pe;
    private readonly MetadataReader _metadata;
    private readonly MemberNames _names;

    private SourceMethods(PEReader pe)
    {
        _pe = pe;
        _metadata = pe.GetMetadataReader();
        _names = new MemberNames(_metadata);
        Methods = [.. _metadata.MethodDefinitions.Select(Read)];
        Bases = [.. _metadata.TypeDefinitions.SelectMany(ReadBases)];
    }

    /// <summary>The methods.</summary>
    public IReadOnlyList<SourceMethod> Methods { get; }

    /// <summary>Types, and the types and interfaces that they derive from directly.</summary>
    public IReadOnlyList<(string Type, string Base)> Bases { get; }

    /// <summary>Reads the assembly in the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none (exit code 2).</exception>
    public static SourceMethods Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using PEReader pe = new(file);
            return new SourceMethods(pe);
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or InvalidCastException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no assembly of the core's: {e.Message}; build again", e);
        }
    }

    private SourceMethod Read(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        string name = _metadata.GetString(method.Name);
        int dot = name.LastIndexOf('.');
        IlBody body = method.RelativeVirtualAddress == 0
            ? IlBody.Empty
            : IlBody.Read(_pe.GetMethodBody(method.RelativeVirtualAddress).GetILReader());
        return new SourceMethod
        {
            Member = _names.Of(handle),
            Name = dot <= 0 ? name : name[(dot + 1)..],
            ParameterCount = method.DecodeSignature(_names.Types, default).ParameterTypes.Length,
            Type = _names.Types.Of(method.GetDeclaringType()).Definition,
            IsVirtual = (method.Attributes & MethodAttributes.Virtual) != 0,
            Body = body,
            Calls = [.. CallsOf(body)],
            Bounds = [.. AttributesOf(method, BoundAttribute).Select(ReadBound)],
        };
    }

    /// <summary>A method whose address is taken counts as called.</summary>
    private IEnumerable<SourceCall> CallsOf(IlBody body) => body.Instructions
        .Where(instruction => instruction.OpCode is
            ILOpCode.Call or ILOpCode.Callvirt or ILOpCode.Newobj or ILOpCode.Jmp or ILOpCode.Ldftn or ILOpCode.Ldvirtftn)
        .Select(instruction => new SourceCall(
            instruction.Offset, SourceMethod.KeyOf(_names.Of(MetadataTokens.EntityHandle(instruction.Token)))));

    private IEnumerable<(string Type, string Base)> ReadBases(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        ImmutableArray<EntityHandle> interfaces =
            [.. type.GetInterfaceImplementations().Select(one => _metadata.GetInterfaceImplementation(one).Interface)];
        string key = _names.Types.Of(handle).Definition;
        return interfaces.Prepend(type.BaseType).Where(other => !other.IsNil).Select(other => (key, _names.Types.Of(other).Definition));
    }

    private IEnumerable<CustomAttribute> AttributesOf(MethodDefinition method, string name) => method.GetCustomAttributes()
        .Select(_metadata.GetCustomAttribute)
        .Where(attribute => _names.Of(attribute.Constructor).Type == name);

    /// <summary>ECMA-335, partition II, section 23.3: a 1, then the constructor's arguments.</summary>
    private LoopBound ReadBound(CustomAttribute attribute)
    {
        BlobReader value = _metadata.GetBlobReader(attribute.Value);
        value.ReadUInt16();
        return new LoopBound(value.ReadUInt64(), value.ReadSerializedString() ?? "");
    }
}
