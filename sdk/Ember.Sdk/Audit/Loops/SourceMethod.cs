using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit.Loops;

/// <summary>A method of the core's assemblies, as IL has it: generic ones once, however often they are compiled.</summary>
internal sealed class SourceMethod
{
    /// <summary>What it is called.</summary>
    public required SourceMember Member { get; init; }

    /// <summary>Its name alone, without the interface that it implements explicitly.</summary>
    public required string Name { get; init; }

    /// <summary>How many parameters it has.</summary>
    public required int ParameterCount { get; init; }

    /// <summary>The type it is declared in.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a call of it may reach a method of another type instead.</summary>
    public required bool IsVirtual { get; init; }

    /// <summary>Its IL; empty when it has none.</summary>
    public required IlBody Body { get; init; }

    /// <summary>Where it names methods: those it calls, and those whose address it takes.</summary>
    public required IReadOnlyList<SourceCall> Calls { get; init; }

    /// <summary>What its attributes say about its loops, in their order.</summary>
    public required IReadOnlyList<LoopBound> Bounds { get; init; }

    /// <summary>How many loops its IL has.</summary>
    public int LoopCount => Body.Loops.Count;

    /// <summary>The same text for a method, for all references to it, and for all that is compiled from it.</summary>
    public static string KeyOf(SourceMember member) => member.GenericDefinition ?? member.FullName;
}
