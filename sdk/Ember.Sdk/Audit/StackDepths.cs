using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Audit;

/// <summary>How deep the stack gets below each function, with everything it calls.</summary>
internal sealed class StackDepths
{
    private readonly CodeMap _code;
    private readonly IReadOnlyDictionary<CodeFunction, StackFrame> _frames;
    private readonly List<CodeFunction> _calleesFirst = [];
    private readonly List<CodeCall> _recursion = [];

    public StackDepths(CodeMap code, IReadOnlyDictionary<CodeFunction, StackFrame> frames)
    {
        _code = code;
        _frames = frames;
        HashSet<CodeFunction> done = [];
        foreach (CodeFunction function in code.Functions)
        {
            Visit(function, done);
        }
    }

    /// <summary>The calls that make functions call themselves, over however many others.</summary>
    public IReadOnlyList<CodeCall> Recursion => _recursion;

    /// <summary>The most bytes each function needs on the stack it is entered on, its return address not counted.</summary>
    /// <param name="outside">The function that leads to code outside the image, and the bytes that may need.</param>
    public Dictionary<CodeFunction, long> Needs((CodeFunction? Function, uint Bytes) outside)
    {
        Dictionary<CodeFunction, long> needs = [];
        foreach (CodeFunction function in _calleesFirst)
        {
            long own = function == outside.Function ? outside.Bytes : _frames[function].Deepest;
            needs[function] = Math.Max(own, NeedOfCalls(function, needs, onNewStack: false));
        }

        return needs;
    }

    /// <summary>The most bytes that what <paramref name="function"/> does on the stack it switches to needs there.</summary>
    public long NeedOnNewStack(CodeFunction function, Dictionary<CodeFunction, long> needs) =>
        Math.Max(_frames[function].DeepestNew, NeedOfCalls(function, needs, onNewStack: true));

    /// <summary>The callees, one below the other, that make <paramref name="root"/> need the most.</summary>
    public IReadOnlyList<CodeFunction> DeepestWay(CodeFunction root, Dictionary<CodeFunction, long> needs, bool onNewStack)
    {
        List<CodeFunction> way = [root];
        while (way.Count <= _calleesFirst.Count)
        {
            CodeFunction last = way[^1];
            (CodeFunction? Callee, long Need) deepest = Callees(last, needs, onNewStack && way.Count == 1)
                .DefaultIfEmpty().MaxBy(callee => callee.Need);
            if (deepest.Callee is null || (deepest.Need < needs[last] && !(onNewStack && way.Count == 1)) || way.Contains(deepest.Callee))
            {
                break;
            }

            way.Add(deepest.Callee);
        }

        return way;
    }

    private long NeedOfCalls(CodeFunction function, Dictionary<CodeFunction, long> needs, bool onNewStack) =>
        Callees(function, needs, onNewStack).Select(callee => callee.Need).DefaultIfEmpty(0).Max();

    /// <summary>A call pushes its return address; a jump to another function leaves the one that is there.</summary>
    private IEnumerable<(CodeFunction? Callee, long Need)> Callees(
        CodeFunction function, Dictionary<CodeFunction, long> needs, bool onNewStack)
    {
        StackFrame frame = _frames[function];
        foreach (CodeCall call in function.Calls)
        {
            int depth = frame.Depths[function.IndexOf(call.Rva)];
            if (depth < 0 || (depth >= StackFrame.NewStack) != onNewStack
                || _code.StartingAt(call.Target) is not { } callee || !needs.TryGetValue(callee, out long need))
            {
                continue;
            }

            bool pushes = call.Kind is CodeCallKind.Call or CodeCallKind.CallThroughConstant;
            yield return (callee, need + (pushes ? (depth % StackFrame.NewStack) + sizeof(ulong) : 0));
        }
    }

    /// <summary>Depth first, with a stack of its own: an image could be made to overflow the caller's.</summary>
    private void Visit(CodeFunction root, HashSet<CodeFunction> done)
    {
        if (!done.Add(root))
        {
            return;
        }

        HashSet<CodeFunction> open = [root];
        Stack<(CodeFunction Function, int Next)> way = new([(root, 0)]);
        while (way.TryPop(out (CodeFunction Function, int Next) at))
        {
            if (at.Next == at.Function.Calls.Count)
            {
                open.Remove(at.Function);
                _calleesFirst.Add(at.Function);
                continue;
            }

            way.Push((at.Function, at.Next + 1));
            CodeCall call = at.Function.Calls[at.Next];
            CodeFunction? callee = _code.StartingAt(call.Target);
            if (callee is null)
            {
                continue;
            }

            if (open.Contains(callee))
            {
                _recursion.Add(call);
            }
            else if (done.Add(callee))
            {
                open.Add(callee);
                way.Push((callee, 0));
            }
        }
    }
}
