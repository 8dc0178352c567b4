using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit.Loops;

/// <summary>All methods that a core was compiled from, and which of them may call which.</summary>
internal sealed class SourceCode
{
    private readonly ILookup<string, SourceMethod> _methods;
    private readonly ILookup<string, SourceMethod> _declared;
    private readonly ILookup<string, string> _derived;

    private SourceCode(IReadOnlyList<SourceMethods> assemblies)
    {
        All = [.. assemblies.SelectMany(assembly => assembly.Methods)];
        _methods = All.ToLookup(method => SourceMethod.KeyOf(method.Member));
        _declared = All.ToLookup(method => method.Type);
        _derived = assemblies.SelectMany(assembly => assembly.Bases).ToLookup(pair => pair.Base, pair => pair.Type);
    }

    /// <summary>Every method, assembly by assembly.</summary>
    public IReadOnlyList<SourceMethod> All { get; }

    /// <summary>Reads the assemblies of <paramref name="files"/>.</summary>
    /// <exception cref="EmberException">One of them is none (exit code 2).</exception>
    public static SourceCode Read(SymbolFiles files) => new([.. files.Assemblies.Select(SourceMethods.Read)]);

    /// <summary>
    /// The methods with this key: one, or several whose signatures differ in what the key leaves out, namespaces and returned types.
    /// </summary>
    public IEnumerable<SourceMethod> Find(string key) => _methods[key];

    /// <summary>
    /// The methods that a call of the method with this key may reach: itself, and, when it is virtual or of an interface, all methods
    /// like it in all types that derive from its own. None when no assembly has it.
    /// </summary>
    public IEnumerable<SourceMethod> Reached(string key) =>
        _methods[key].SelectMany(method => method.IsVirtual ? Implementations(method).Prepend(method) : [method]);

    /// <summary>What can be reached from <paramref name="roots"/>, themselves included.</summary>
    public IReadOnlySet<SourceMethod> Closure(IEnumerable<SourceMethod> roots)
    {
        HashSet<SourceMethod> seen = [];
        Stack<SourceMethod> open = new(roots);
        while (open.TryPop(out SourceMethod? method))
        {
            if (seen.Add(method))
            {
                foreach (SourceMethod callee in method.Calls.SelectMany(call => Reached(call.Key)))
                {
                    open.Push(callee);
                }
            }
        }

        return seen;
    }

    private IEnumerable<SourceMethod> Implementations(SourceMethod method)
    {
        HashSet<string> types = [];
        Stack<string> open = new([method.Type]);
        while (open.TryPop(out string? type))
        {
            foreach (string derived in _derived[type].Where(types.Add))
            {
                open.Push(derived);
            }
        }

        return types
            .SelectMany(type => _declared[type])
            .Where(other => other.Name == method.Name && other.ParameterCount == method.ParameterCount);
    }
}
