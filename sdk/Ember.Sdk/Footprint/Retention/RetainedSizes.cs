using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>What each node of a graph keeps, when each takes some room.</summary>
internal sealed class RetainedSizes
{
    private readonly Dictionary<int, int> _before;
    private readonly DominatorTree _dominators;
    private readonly Sizes[] _retained;

    public RetainedSizes(FlowGraph graph, Sizes[] own)
    {
        _before = graph.ShortestWays();
        _dominators = new DominatorTree(graph);
        _retained = [.. own];
        foreach (int node in _dominators.Order.Reverse())
        {
            int dominator = _dominators.Of(node);
            if (dominator != FlowGraph.None)
            {
                _retained[dominator] += _retained[node];
            }
        }
    }

    /// <summary>The node without which this one would not be there, or <see cref="FlowGraph.None"/>.</summary>
    public int DominatorOf(int node) => _dominators.Of(node);

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
