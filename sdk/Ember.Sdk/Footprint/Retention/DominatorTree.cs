using System.Collections.Generic;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>
/// The immediate dominator of every node of a graph: the last node that all ways from the roots to it pass. After T. Lengauer and
/// R. Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph" (1979), with simple linking: the time grows with edges times
/// the logarithm of nodes, whatever the graph. One root of all roots is added while it works.
/// </summary>
internal sealed class DominatorTree
{
    // Nodes are known by the number at which the depth-first walk meets them; zero is the root of all roots.
    private readonly List<int> _nodes = [FlowGraph.None];
    private readonly List<int> _parents = [FlowGraph.None];
    private readonly Dictionary<int, int> _numbers = [];
    private readonly List<List<int>> _predecessors = [[]];
    private readonly int[] _semidominators;
    private readonly int[] _ancestors;
    private readonly int[] _labels;
    private readonly int[] _dominators;

    public DominatorTree(FlowGraph graph)
    {
        Walk(graph);
        int count = _nodes.Count;
        _semidominators = new int[count];
        _labels = new int[count];
        _ancestors = new int[count];
        _dominators = new int[count];
        for (int i = 0; i < count; i++)
        {
            _semidominators[i] = i;
            _labels[i] = i;
            _ancestors[i] = FlowGraph.None;
        }

        FindDominators();
    }

    /// <summary>The nodes that roots lead to, each before all that it dominates.</summary>
    public IReadOnlyList<int> Order => _nodes[1..];

    /// <summary>
    /// A node's immediate dominator; <see cref="FlowGraph.None"/> when no single node dominates it or no root leads to it.
    /// </summary>
    public int Of(int node) => _numbers.TryGetValue(node, out int number) ? _nodes[_dominators[number]] : FlowGraph.None;

    private void Walk(FlowGraph graph)
    {
        Stack<(int Number, int Next)> open = new();
        foreach (int root in graph.Roots)
        {
            Meet(root, 0, open);
            while (open.TryPop(out (int Number, int Next) top))
            {
                IReadOnlyList<int> successors = graph.Successors(_nodes[top.Number]);
                if (top.Next < successors.Count)
                {
                    open.Push((top.Number, top.Next + 1));
                    Meet(successors[top.Next], top.Number, open);
                }
            }
        }
    }

    private void Meet(int node, int from, Stack<(int Number, int Next)> open)
    {
        if (!_numbers.TryGetValue(node, out int number))
        {
            number = _nodes.Count;
            _numbers.Add(node, number);
            _nodes.Add(node);
            _parents.Add(from);
            _predecessors.Add([]);
            open.Push((number, 0));
        }

        _predecessors[number].Add(from);
    }

    private void FindDominators()
    {
        List<int>[] waiting = new List<int>[_nodes.Count];
        for (int i = _nodes.Count - 1; i > 0; i--)
        {
            foreach (int predecessor in _predecessors[i])
            {
                int semidominator = _semidominators[Least(predecessor)];
                _semidominators[i] = semidominator < _semidominators[i] ? semidominator : _semidominators[i];
            }

            (waiting[_semidominators[i]] ??= []).Add(i);
            int parent = _parents[i];
            _ancestors[i] = parent;
            foreach (int number in waiting[parent] ?? [])
            {
                int least = Least(number);
                _dominators[number] = _semidominators[least] < _semidominators[number] ? least : parent;
            }

            waiting[parent] = [];
        }

        for (int i = 1; i < _nodes.Count; i++)
        {
            _dominators[i] = _dominators[i] == _semidominators[i] ? _dominators[i] : _dominators[_dominators[i]];
        }
    }

    /// <summary>On the way from a number up to the root of its part of the forest, but for that root: the one of least semidominator.</summary>
    private int Least(int number)
    {
        if (_ancestors[number] == FlowGraph.None)
        {
            return number;
        }

        Stack<int> way = new();
        for (int step = number; _ancestors[_ancestors[step]] != FlowGraph.None; step = _ancestors[step])
        {
            way.Push(step);
        }

        while (way.TryPop(out int step))
        {
            int ancestor = _ancestors[step];
            if (_semidominators[_labels[ancestor]] < _semidominators[_labels[step]])
            {
                _labels[step] = _labels[ancestor];
            }

            _ancestors[step] = _ancestors[ancestor];
        }

        return _labels[number];
    }
}
