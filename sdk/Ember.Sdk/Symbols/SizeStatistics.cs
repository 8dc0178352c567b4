using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Ember.Sdk.Symbols;

/// <summary>
/// ilc's <c>--mstat</c> file, format 2: an assembly whose methods' IL is a list of what was compiled, tokens between numbers, and whose
/// section <c>.names</c> holds the symbols. It alone tells which assembly, namespace, type and member a symbol stands for.
/// </summary>
public sealed class SizeStatistics
{
    private const int Format = 2;
    private const string MethodList = "Methods";
    private const string LiteralList = "RvaFields";
    private const string NamesSection = ".names";

    private readonly Dictionary<string, SourceMember> _members = [];

    private SizeStatistics()
    {
    }

    /// <summary>Where each method's code and each literal comes from, by symbol.</summary>
    public IReadOnlyDictionary<string, SourceMember> Members => _members;

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none, or of another version (exit code 2).</exception>
    public static SizeStatistics Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using PEReader pe = new(file);
        try
        {
            MetadataReader metadata = pe.GetMetadataReader();
            Version version = metadata.GetAssemblyDefinition().Version;
            if (version.Major != Format)
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{path}: size statistics of format {version.Major}; this version reads format {Format}, as ilc 10 writes it");
            }

            SizeStatistics statistics = new();
            BlobReader names = pe.GetSectionData(NamesSection).GetReader();
            MemberNames members = new(metadata);
            foreach ((MethodDefinition method, string list) in metadata.MethodDefinitions
                .Select(metadata.GetMethodDefinition)
                .Select(method => (method, metadata.GetString(method.Name)))
                .Where(method => method.Item2 is MethodList or LiteralList))
            {
                // A method's size is followed by those of its GC and exception tables.
                int numbers = list == MethodList ? 4 : 2;
                statistics.Add(pe.GetMethodBody(method.RelativeVirtualAddress).GetILReader(), numbers, names, members);
            }

            return statistics;
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or ArgumentException or InvalidCastException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no size statistics of ilc's: {e.Message}", e);
        }
    }

    private void Add(BlobReader code, int numbers, BlobReader names, MemberNames members)
    {
        while (code.RemainingBytes > 0 && (ILOpCode)code.ReadByte() == ILOpCode.Ldtoken)
        {
            EntityHandle token = MetadataTokens.EntityHandle(code.ReadInt32());
            int last = 0;
            for (int i = 0; i < numbers; i++)
            {
                last = ReadNumber(ref code);
            }

            names.Offset = last;
            _members[names.ReadSerializedString() ?? ""] = members.Of(token);
        }
    }

    private static int ReadNumber(ref BlobReader code)
    {
        ILOpCode operation = (ILOpCode)code.ReadByte();
        return operation switch
        {
            >= ILOpCode.Ldc_i4_0 and <= ILOpCode.Ldc_i4_8 => operation - ILOpCode.Ldc_i4_0,
            ILOpCode.Ldc_i4_m1 => -1,
            ILOpCode.Ldc_i4_s => code.ReadSByte(),
            ILOpCode.Ldc_i4 => code.ReadInt32(),
            _ => throw new BadImageFormatException($"operation {operation} where a number should be"),
        };
    }
}
