using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit.Loops;

/// <summary>
/// Proves that no loop on the path of an exit goes on for ever: each has a bound in the source, and each loop of the machine code is
/// one of these. <c>sdk/docs/assurance.md</c> says what that is worth.
/// </summary>
public sealed class LoopAudit
{
    /// <summary>The rule's number.</summary>
    public const int Number = 8;

    private const string Title = "every loop on the exit path has a bound";

    private readonly LoopPolicy _policy;
    private readonly SourceCode _code;
    private readonly IReadOnlyList<FunctionLoops> _path;
    private readonly IReadOnlyList<SourceMethod> _methods;
    private readonly ILookup<SourceMethod, FunctionLoops> _compiled;
    private readonly ILookup<uint, SourceMethod> _sources;
    private readonly List<AuditEvidence> _evidence = [];
    private readonly List<AuditViolation> _violations = [];

    private LoopAudit(IReadOnlyList<FunctionLoops> functions, SourceCode code, LoopPolicy policy)
    {
        _policy = policy;
        _code = code;
        _sources = functions
            .Where(function => function.Function.Kind == SymbolKind.Method)
            .SelectMany(function => SourcesOf(function), (function, method) => (function.Function.Rva, Method: method))
            .ToLookup(pair => pair.Rva, pair => pair.Method);
        _path = Path(functions);
        _methods = [.. _code.Closure(_path.SelectMany(SourcesOf)).OrderBy(method => method.Member.FullName, StringComparer.Ordinal)];
        _compiled = _path.SelectMany(function => SourcesOf(function), (function, method) => (function, method))
            .ToLookup(pair => pair.method, pair => pair.function);
    }

    /// <summary>Checks the rule for a core.</summary>
    /// <param name="code">Its machine code.</param>
    /// <param name="files">What lies beside it.</param>
    /// <exception cref="EmberException">One of the assemblies in <paramref name="files"/> is none (exit code 2).</exception>
    public static AuditRuleResult Run(CodeMap code, SymbolFiles files) =>
        Run([.. code.Functions.Select(MachineLoops.Of)], files, LoopPolicy.Core);

    /// <summary>Checks the rule.</summary>
    /// <param name="functions">All functions of the core, as <see cref="MachineLoops"/> sorts their loops.</param>
    /// <param name="files">What lies beside it.</param>
    /// <param name="policy">What it is checked against.</param>
    /// <exception cref="EmberException">One of the assemblies in <paramref name="files"/> is none (exit code 2).</exception>
    public static AuditRuleResult Run(IReadOnlyList<FunctionLoops> functions, SymbolFiles files, LoopPolicy policy) =>
        new LoopAudit(functions, SourceCode.Read(files), policy).Check();

    private AuditRuleResult Check()
    {
        foreach (SourceMethod method in _methods)
        {
            CheckSource(method);
        }

        foreach (FunctionLoops function in _path)
        {
            CheckFunction(function);
        }

        string summary = $"{_methods.Sum(method => method.LoopCount)} loops in {_methods.Count(method => method.LoopCount != 0)} of "
            + $"{_methods.Count} methods, {_path.Sum(function => function.Headers.Count)} in the machine code of {_path.Count} functions";
        return new AuditRuleResult(Number, Title, summary, _evidence, _violations);
    }

    /// <summary>The functions that the roots reach, by address.</summary>
    private IReadOnlyList<FunctionLoops> Path(IReadOnlyList<FunctionLoops> functions)
    {
        Dictionary<uint, FunctionLoops> starts = functions.ToDictionary(function => function.Function.Rva);
        SortedDictionary<uint, FunctionLoops> seen = [];
        Stack<FunctionLoops> open = [];
        foreach (string root in _policy.Roots)
        {
            FunctionLoops[] found = [.. functions.Where(function => SourceMethod.KeyOf(function.Function.Source) == root)];
            Array.ForEach(found, open.Push);
            if (found.Length == 0)
            {
                _violations.Add(new AuditViolation(0, root, "is where the exit path begins, but is not in the image"));
            }
        }

        while (open.TryPop(out FunctionLoops? function))
        {
            if (seen.TryAdd(function.Function.Rva, function))
            {
                foreach (uint call in function.Calls.Where(starts.ContainsKey))
                {
                    open.Push(starts[call]);
                }
            }
        }

        return [.. seen.Values];
    }

    private void CheckSource(SourceMethod method)
    {
        foreach (string missing in method.Calls.Select(call => call.Key).Where(key => !_code.Find(key).Any()).Distinct())
        {
            Violate(method, $"calls {missing}, which none of the assemblies has");
        }

        int loops = method.LoopCount;
        if (method.Bounds.Count != loops)
        {
            Violate(method, $"has {loops} {(loops == 1 ? "loop" : "loops")}, but [LoopBound] {method.Bounds.Count} times");
            return;
        }

        HashSet<int> waits = [.. method.Calls.Where(call => _policy.Waits.Contains(call.Key)).Select(call => call.Offset)];
        foreach ((LoopBound bound, int loop) in method.Bounds.Zip(method.Body.Loops))
        {
            if (bound.Rounds == 0 || string.IsNullOrWhiteSpace(bound.Why))
            {
                Violate(method, "has a [LoopBound] of no rounds, or without a reason");
            }
            else if (bound.Rounds == LoopBound.Waits && method.Body.HasRoundWithout(loop, waits))
            {
                Violate(method, "has a loop that is to wait every round, but a round can do without");
            }
        }
    }

    private void CheckFunction(FunctionLoops function)
    {
        if (function.Function.Kind == SymbolKind.Method)
        {
            CheckBlocks(function);
            CheckMethod(function);
        }
        else if (function.Headers.Count + function.Blocks.Count != 0)
        {
            CheckStub(function);
        }
    }

    private void CheckBlocks(FunctionLoops function)
    {
        foreach (CompilerLoop block in function.Blocks)
        {
            if (block.Rounds is { } rounds)
            {
                AddEvidence(function, $"loop at {block.Rva:x}: the compiler's, {rounds} rounds to clear or copy a block of memory");
            }
            else
            {
                Violate(function, block.Rva, "has an instruction that repeats itself as often as is computed");
            }
        }
    }

    private void CheckStub(FunctionLoops function)
    {
        if (!_policy.Stubs.TryGetValue(function.Function.Name, out StubLoop? stub))
        {
            Violate(function, function.Function.Rva, "is a stub with a loop that may not be on the exit path");
            return;
        }

        AddEvidence(function, $"a stub: {stub.Why}");
        if (stub.Callers is null)
        {
            return;
        }

        string[] callers =
        [
            .. _path.Where(caller => caller.Calls.Contains(function.Function.Rva))
                .Select(caller => SourceMethod.KeyOf(caller.Function.Source))
                .Concat(_methods
                    .Where(method => method.Calls.Any(call => stub.Callers.Contains(call.Key)))
                    .Select(method => SourceMethod.KeyOf(method.Member))),
        ];
        foreach (string caller in callers.Distinct().Except(stub.Callers))
        {
            Violate(function, function.Function.Rva, $"is called by {caller}, not by the compiler for a structure of fixed size");
        }
    }

    private void CheckMethod(FunctionLoops function)
    {
        SourceMethod[] sources = [.. SourcesOf(function)];
        if (sources.Length == 0)
        {
            Violate(function, function.Function.Rva, "none of the assemblies has its source");
            return;
        }

        ILookup<SourceMethod, uint> called = function.Calls
            .SelectMany(call => _sources[call], (call, method) => (call, method))
            .ToLookup(pair => pair.method, pair => pair.call);
        (SourceMethod Method, long Copies)[] copies =
        [
            .. sources.SelectMany(source => Inlining.Count(_code, source, called)).Where(pair => pair.Method.LoopCount != 0),
        ];
        if (function.Headers.Count > copies.Sum(pair => pair.Copies * pair.Method.LoopCount))
        {
            Violate(
                function, function.Headers[0],
                $"has {function.Headers.Count} loops, at {Addresses(function.Headers)}, which are more than the source explains"
                + (copies.Length == 0 ? "" : $": {Explanation(sources, copies)}"));
        }
        else if (function.Headers.Count != 0)
        {
            AddEvidence(function, $"loops at {Addresses(function.Headers)}: {Explanation(sources, copies)}");
        }
    }

    private static string Explanation(SourceMethod[] sources, IEnumerable<(SourceMethod Method, long Copies)> copies) => string.Join(
        "; ",
        copies.Select(pair => (sources.Contains(pair.Method) ? "" : $"{pair.Copies} of {pair.Method.Member.ShortName}, ")
            + string.Join(", ", pair.Method.Bounds)));

    private static string Addresses(IReadOnlyList<uint> addresses) => string.Join(", ", addresses.Select(address => $"{address:x}"));

    private IEnumerable<SourceMethod> SourcesOf(FunctionLoops function) => _code.Find(SourceMethod.KeyOf(function.Function.Source));

    private void AddEvidence(FunctionLoops function, string detail) =>
        _evidence.Add(new AuditEvidence(function.Function.Source.FullName, detail));

    private void Violate(FunctionLoops function, uint rva, string what) =>
        _violations.Add(new AuditViolation(rva, function.Function.Source.FullName, what));

    /// <summary>A method that lies within others only has no address of its own.</summary>
    private void Violate(SourceMethod method, string what) => _violations.Add(
        new AuditViolation(_compiled[method].FirstOrDefault()?.Function.Rva ?? 0, method.Member.FullName, what));
}
