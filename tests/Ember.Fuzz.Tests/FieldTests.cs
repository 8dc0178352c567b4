using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Targets;

namespace Ember.Fuzz.Tests;

/// <summary>Every field of every structure on flash holds every value at which code goes wrong, once.</summary>
public sealed class FieldTests
{
    // These read a whole key or a whole update, of structures that others read alone, and an execution takes a hundred times as long.
    private static readonly string[] _slow = ["install", "update", "selection"];

    /// <summary>The structures that lie on flash, without those that are parts of others.</summary>
    private static IReadOnlyList<Type> Structures { get; } =
        [.. Explicit.Except(Explicit
            .SelectMany(type => type.GetFields(BindingFlags.Instance | BindingFlags.Public)).Select(field => field.FieldType))];

    private static IEnumerable<Type> Explicit =>
        typeof(BankManifest).Assembly.GetTypes().Where(type => type.IsExplicitLayout && type.Namespace is not null);

    public static TheoryData<string> SlowNames { get; } = [.. _slow];

    [Fact]
    public void The_structures_are_those_of_manifests_states_signatures_bundles_archives_plans_and_kernels() => Assert.Equal(
        "ArchiveHeader BankFile BankManifestHeader BankState BootLogoHeader BundleHeader BundleRun "
            + "ElfHeader32 ElfHeader64 ElfProgramHeader32 ElfProgramHeader64 "
            + "MultibootHeader PlanHeader PlanMachine PlanModule PlanPayload SignatureHeader",
        string.Join(' ', Structures.Select(type => type.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void A_structure_s_fields_are_found_with_those_of_structures_in_it_and_the_bytes_between()
    {
        StructureField[] fields = StructureLayout.FieldsOf(typeof(BankManifestHeader));
        Assert.Contains(new StructureField("FileCount", 16, 4), fields);
        Assert.Contains(new StructureField("_reserved", 28, 4), fields);
        Assert.Equal(new StructureField("144", 144, 112), fields[^1]);
        Assert.Contains(new StructureField("B.TriesLeft", 52, 4), StructureLayout.FieldsOf(typeof(BankState)));
        Assert.All(Structures, type => Assert.All(
            Enumerable.Range(0, StructureLayout.SizeOf(type)),
            at => Assert.Contains(StructureLayout.FieldsOf(type), field => at >= field.Offset && at < field.Offset + field.Size)));
    }

    [Fact]
    public void Every_field_of_every_structure_is_set_to_every_boundary_and_decided()
    {
        HashSet<(Type Type, string Field)> tried = [];
        foreach (FuzzTarget target in FuzzTargets.All.Where(target => !_slow.Contains(target.Name)))
        {
            tried.UnionWith(Sweep(target));
        }

        IEnumerable<(Type, string)> all = Structures.SelectMany(type => StructureLayout.FieldsOf(type).Select(field => (type, field.Name)));
        Assert.Empty(all.Except(tried));
    }

    [Theory]
    [MemberData(nameof(SlowNames))]
    [Trait("Category", "Slow")]
    public void The_same_where_a_whole_key_or_update_is_around_it(string name) => Assert.NotEmpty(Sweep(FuzzTargets.Of(name)));

    private static HashSet<(Type Type, string Field)> Sweep(FuzzTarget target)
    {
        HashSet<(Type Type, string Field)> tried = [];
        using GuardedMemory memory = Corpus.MemoryFor(target);
        Fuzzer fuzzer = new(target, memory, 0);
        foreach (byte[] seed in target.Seeds)
        {
            foreach (StructurePlace place in target.Places(seed))
            {
                foreach (StructureField field in StructureLayout.FieldsOf(place.Type))
                {
                    int at = place.Offset + field.Offset;
                    if (at + field.Size > seed.Length)
                    {
                        continue;
                    }

                    foreach (byte[] value in FieldValues.Of(seed[at..(at + field.Size)]))
                    {
                        fuzzer.Execute(Mutator.Set(seed, at, value));
                    }

                    tried.Add((place.Type, field.Name));
                }
            }
        }

        return tried;
    }
}
