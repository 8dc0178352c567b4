using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>The fields of a structure with an explicit layout, as its declaration has them.</summary>
internal static class StructureLayout
{
    private static readonly ConcurrentDictionary<Type, StructureField[]> _known = new();
    private static readonly MethodInfo _sizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;

    /// <summary>All fields in their order, those of structures in it one by one, and the bytes between them. Fields that share bytes
    /// are fields each.</summary>
    public static StructureField[] FieldsOf(Type type) => _known.GetOrAdd(type, static structure => [.. Fields(structure, "", 0)]);

    /// <summary>Bytes of a type.</summary>
    public static int SizeOf(Type type) => (int)_sizeOf.MakeGenericMethod(type).Invoke(null, null)!;

    private static IEnumerable<StructureField> Fields(Type type, string prefix, int start)
    {
        int end = 0;
        foreach ((FieldInfo field, int offset) in type
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => (field, field.GetCustomAttribute<FieldOffsetAttribute>()!.Value))
            .OrderBy(field => field.Value))
        {
            if (offset > end)
            {
                yield return new StructureField($"{prefix}{end}", start + end, offset - end);
            }

            int size = SizeOf(field.FieldType);
            end = Math.Max(end, offset + size);
            if (!field.FieldType.IsExplicitLayout)
            {
                yield return new StructureField(prefix + field.Name, start + offset, size);
                continue;
            }

            foreach (StructureField inner in Fields(field.FieldType, $"{prefix}{field.Name}.", start + offset))
            {
                yield return inner;
            }
        }

        if (end < SizeOf(type))
        {
            yield return new StructureField($"{prefix}{end}", start + end, SizeOf(type) - end);
        }
    }
}
