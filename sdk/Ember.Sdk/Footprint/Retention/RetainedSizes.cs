using System.Collections.Generic;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>What each node of a graph keeps, when each takes some room.</summary>
internal sealed class RetainedSizes
{
    private readonly Dictionary<int, int> _before;
    private readonly int[] _dominators;
    private readonly Sizes[] _retained;

    public RetainedSizes(FlowGraph graph, Sizes[] own)
    {
        int[] order = graph.ReversePostorder();
        _before = graph.ShortestWays();
        _dominators = graph.Dominators(order);
        _retained = [.. own];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int dominator = _dominators[order[i]];
            if (dominator != FlowGraph.None)
            {
                _retained[dominator] += _retained[order[i]];
            }
        }
    }

    /// <summary>The node without which this one would not be there, or <see cref="FlowGraph.None"/>.</summary>
    public int DominatorOf(int node) => _dominators[node];

    /// <summary>What goes when the node goes.</summary>
    public Sizes Of(int node) => _retained[node];

    /// <summary>A shortest way from a root to the node, both included; empty when no root leads to it.</summary>
    public IReadOnlyList<int> WayTo(int node)
    {
        List<int> way = [];
        for (int step = node; _before.TryGetValue(step, out int before); step = before)
        {
            way.Add(step);
        }

        way.Reverse();
        return way;
    }
}
