using System.Collections.Generic;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Audit;

/// <summary>What an image may consist of. Names are symbols.</summary>
public sealed partial record AuditPolicy
{
    /// <summary>Where the image is entered, but for interrupts.</summary>
    public required IReadOnlyList<AuditEntry> Entries { get; init; }

    /// <summary>The entries of all interrupt vectors; null when the image handles none.</summary>
    public InterruptEntries? Interrupts { get; init; }

    /// <summary>
    /// Every stub that may be linked, and the system instructions that it may have, as Iced's Intel formatter writes them.
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Stubs { get; init; }

    /// <summary>Stubs that may clear memory by YMM0, where the processor has it; none may be on an exit path.</summary>
    public IReadOnlyList<string> WideStubs { get; init; } = [];

    /// <summary>The assemblies that code and data may come from.</summary>
    public required IReadOnlyList<string> Assemblies { get; init; }

    /// <summary>What compiler and linker add of their own.</summary>
    public required IReadOnlyList<string> CompilerPieces { get; init; }

    /// <summary>Functions that are linked though nothing enters them: the compiler cannot be kept from making them.</summary>
    public IReadOnlyList<string> NeverEntered { get; init; } = [];

    /// <summary>Names that must not be linked, as stubs, tables or methods; a <c>*</c> at the end stands for anything.</summary>
    public required IReadOnlyList<string> ForbiddenNames { get; init; }

    /// <summary>What every guest's exit comes back to, for each way to run guests; empty when the image runs none.</summary>
    public required IReadOnlyList<ExitPath> ExitPaths { get; init; }

    /// <summary>The stub that every call through a pointer goes to.</summary>
    public required string Dispatch { get; init; }

    /// <summary>The pointer through which it is called.</summary>
    public required string DispatchPointer { get; init; }

    /// <summary>Functions that may take the address of another one, and of which.</summary>
    public required IReadOnlyDictionary<string, string> AddressTakers { get; init; }

    /// <summary>Code that lies in the image as data.</summary>
    public IReadOnlyList<CopiedCode> CopiedCode { get; init; } = [];

    /// <summary>The functions with several entries.</summary>
    public IReadOnlyList<CodeTable> Tables => Interrupts is null ? [] : [Interrupts.Table];
}
