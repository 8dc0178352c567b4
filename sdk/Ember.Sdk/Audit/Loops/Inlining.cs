using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Audit.Loops;

/// <summary>
/// How often each method can lie within one function: the places that call it, in the function's own method and in all that can lie
/// within it, less the calls of it that the machine code still has. That is exact but for calls the compiler found to be never made,
/// which count as well.
/// </summary>
internal static class Inlining
{
    private const long Most = 1_000_000;

    /// <summary>Counts the copies in a function.</summary>
    /// <param name="code">All methods.</param>
    /// <param name="method">The function's own method.</param>
    /// <param name="called">The methods that its machine code calls, one for each place where it does.</param>
    /// <returns>The copies of each method, those with none left out, callers before the methods they call.</returns>
    public static IReadOnlyList<(SourceMethod Method, long Copies)> Count(
        SourceCode code, SourceMethod method, ILookup<SourceMethod, uint> called)
    {
        Dictionary<SourceMethod, long> places = new() { [method] = 1 };
        List<(SourceMethod Method, long Copies)> result = [];
        foreach (SourceMethod next in CallersFirst(code, method))
        {
            long calls = next == method ? 0 : called[next].Count();
            long copies = Math.Max(places.GetValueOrDefault(next) - calls, 0);
            if (copies == 0)
            {
                continue;
            }

            result.Add((next, copies));
            foreach (SourceMethod callee in next.Calls.SelectMany(call => code.Reached(call.Key)))
            {
                places[callee] = Math.Min(places.GetValueOrDefault(callee) + copies, Most);
            }
        }

        return result;
    }

    /// <summary>A recursive call comes too late in this order to count as a place: what calls itself is not put into itself.</summary>
    private static Stack<SourceMethod> CallersFirst(SourceCode code, SourceMethod method)
    {
        Stack<SourceMethod> order = [];
        HashSet<SourceMethod> seen = [method];
        Stack<(SourceMethod Method, IEnumerator<SourceMethod> Callees)> way = new([(method, Callees(code, method))]);
        while (way.TryPeek(out (SourceMethod Method, IEnumerator<SourceMethod> Callees) at))
        {
            if (!at.Callees.MoveNext())
            {
                order.Push(way.Pop().Method);
            }
            else if (seen.Add(at.Callees.Current))
            {
                way.Push((at.Callees.Current, Callees(code, at.Callees.Current)));
            }
        }

        return order;
    }

    private static IEnumerator<SourceMethod> Callees(SourceCode code, SourceMethod method) =>
        method.Calls.SelectMany(call => code.Reached(call.Key)).GetEnumerator();
}
