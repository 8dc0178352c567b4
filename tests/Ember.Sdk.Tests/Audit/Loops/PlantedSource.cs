using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Audit.Loops;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using SymbolKind = Ember.Sdk.Symbols.SymbolKind;

namespace Ember.Sdk.Tests.Audit.Loops;

/// <summary>
/// A core of a few lines: its C# is compiled as the core's is, its machine code is told by hand. The exit path begins at
/// <c>Core.Root()</c>.
/// </summary>
internal sealed class PlantedSource : IDisposable
{
    public const string Wait = "Core.Wait()";

    private const string Attribute =
        """
        [System.AttributeUsage(System.AttributeTargets.All, AllowMultiple = true)]
        internal sealed class LoopBoundAttribute : System.Attribute
        {
            public LoopBoundAttribute(ulong rounds, string why) { }
        }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<FunctionLoops> _functions = [];

    /// <param name="members">Members of the static class <c>Core</c>.</param>
    /// <param name="types">Other types.</param>
    public PlantedSource(string members, string types = "")
    {
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Ember.Planted",
            [CSharpSyntaxTree.ParseText($"{Attribute}\npublic static unsafe class Core {{ {members} }}\n{types}")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        EmitResult result = compilation.Emit(Assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
    }

    public string Assembly => Path.Combine(_folder.Path, "Ember.Planted.dll");

    public SymbolFiles Files => new(_folder.Path);

    public Dictionary<string, StubLoop> Stubs { get; } = [];

    /// <summary>Adds the machine code of a method, with loops at made-up places.</summary>
    /// <returns>Where it begins.</returns>
    public uint Compile(string member, int loops, params uint[] calls) => Compile(member, loops, [], calls);

    public uint Compile(string member, int loops, CompilerLoop[] blocks, params uint[] calls)
    {
        int dot = member.LastIndexOf('.', member.IndexOf('(', StringComparison.Ordinal));
        return Add(SymbolKind.Method, new SourceMember("Ember.Planted", "", member[..dot], member[(dot + 1)..]), loops, blocks, calls);
    }

    /// <summary>Adds a stub.</summary>
    public uint AddStub(string name, int loops) => Add(SymbolKind.Stub, new SourceMember("Ember.Stubs", "", "", name), loops, [], []);

    public AuditRuleResult Audit() => LoopAudit.Run(
        _functions, Files, new LoopPolicy { Roots = ["Core.Root()"], Waits = [Wait], Stubs = Stubs });

    /// <summary>The violations, each as its function and what is wrong.</summary>
    public string[] Violations() => [.. Audit().Violations.Select(violation => $"{violation.Function} {violation.What}")];

    public void Dispose() => _folder.Dispose();

    private uint Add(SymbolKind kind, SourceMember source, int loops, CompilerLoop[] blocks, uint[] calls)
    {
        uint rva = 0x1000 + ((uint)_functions.Count * 0x100);
        Symbol symbol = new(rva, 0x100, kind, source.Member, [], source);
        _functions.Add(new FunctionLoops(symbol, [.. Enumerable.Range(1, loops).Select(i => rva + ((uint)i * 4))], blocks, calls));
        return rva;
    }
}
