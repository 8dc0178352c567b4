using System;
using System.Collections.Generic;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>A directed graph that is entered at its roots. Nodes are numbers from zero.</summary>
internal sealed class FlowGraph
{
    /// <summary>What stands for no node: the dominator of a root, the step before one, anything of a node that no root leads to.</summary>
    public const int None = -1;

    private readonly List<int>[] _successors;
    private readonly List<int> _roots = [];

    public FlowGraph(int count)
    {
        _successors = new List<int>[count];
        for (int i = 0; i < count; i++)
        {
            _successors[i] = [];
        }
    }

    public int Count => _successors.Length;

    public IReadOnlyList<int> Roots => _roots;

    public IReadOnlyList<int> Successors(int node) => _successors[node];

    public void AddEdge(int from, int to) => _successors[from].Add(to);

    public void AddRoot(int node) => _roots.Add(node);

    /// <summary>The same graph with some nodes made one.</summary>
    /// <param name="nodes">The nodes; the first stands for all of them.</param>
    public FlowGraph Merge(IReadOnlyList<int> nodes)
    {
        HashSet<int> merged = [.. nodes];
        int Target(int node) => merged.Contains(node) ? nodes[0] : node;
        FlowGraph graph = new(Count);
        _roots.ForEach(root => graph.AddRoot(Target(root)));
        for (int from = 0; from < Count; from++)
        {
            _successors[from].ForEach(to => graph.AddEdge(Target(from), Target(to)));
        }

        return graph;
    }

    /// <summary>The nodes that roots lead to, the nearest first, each with the node before it on a shortest way.</summary>
    public Dictionary<int, int> ShortestWays()
    {
        Dictionary<int, int> before = [];
        Queue<int> queue = new();
        foreach (int root in _roots)
        {
            if (before.TryAdd(root, None))
            {
                queue.Enqueue(root);
            }
        }

        while (queue.TryDequeue(out int node))
        {
            foreach (int next in _successors[node])
            {
                if (before.TryAdd(next, node))
                {
                    queue.Enqueue(next);
                }
            }
        }

        return before;
    }

    /// <summary>The nodes that roots lead to, each before all that it dominates: in reverse postorder of a depth-first walk.</summary>
    public int[] ReversePostorder()
    {
        bool[] seen = new bool[Count];
        List<int> order = [];
        Stack<(int Node, int Next)> open = new();

        void Enter(int node)
        {
            if (!seen[node])
            {
                seen[node] = true;
                open.Push((node, 0));
            }
        }

        foreach (int root in _roots)
        {
            Enter(root);
            while (open.TryPop(out (int Node, int Next) top))
            {
                if (top.Next < _successors[top.Node].Count)
                {
                    open.Push((top.Node, top.Next + 1));
                    Enter(_successors[top.Node][top.Next]);
                }
                else
                {
                    order.Add(top.Node);
                }
            }
        }

        order.Reverse();
        return [.. order];
    }

    /// <summary>
    /// The immediate dominator of every node: the last node that all ways from a root to it pass. <see cref="None"/> for a node that
    /// no single one dominates. After K. Cooper, T. Harvey and K. Kennedy, "A Simple, Fast Dominance Algorithm" (2001); a root of
    /// all roots stands at the end of the array while it works.
    /// </summary>
    /// <param name="order"><see cref="ReversePostorder"/>.</param>
    public int[] Dominators(int[] order)
    {
        int top = Count;
        int[] position = new int[Count + 1];
        position[top] = -1;
        for (int i = 0; i < order.Length; i++)
        {
            position[order[i]] = i;
        }

        int[] dominator = new int[Count + 1];
        Array.Fill(dominator, None);
        dominator[top] = top;
        List<int>[] predecessors = Predecessors(order, top);
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (int node in order)
            {
                int nearest = None;
                foreach (int predecessor in predecessors[node])
                {
                    if (dominator[predecessor] != None)
                    {
                        nearest = nearest == None ? predecessor : Common(dominator, position, predecessor, nearest);
                    }
                }

                changed |= dominator[node] != nearest;
                dominator[node] = nearest;
            }
        }

        return [.. Array.ConvertAll(dominator, node => node == top ? None : node).AsSpan(0, Count)];
    }

    private List<int>[] Predecessors(int[] order, int top)
    {
        List<int>[] predecessors = new List<int>[Count];
        foreach (int node in order)
        {
            predecessors[node] = [];
        }

        _roots.ForEach(root => predecessors[root].Add(top));
        foreach (int node in order)
        {
            _successors[node].ForEach(next => predecessors[next].Add(node));
        }

        return predecessors;
    }

    /// <summary>The nearest node that dominates both, as far as is known.</summary>
    private static int Common(int[] dominator, int[] position, int left, int right)
    {
        while (left != right)
        {
            (left, right) = position[left] > position[right] ? (dominator[left], right) : (left, dominator[right]);
        }

        return left;
    }
}
