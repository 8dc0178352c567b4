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
}
