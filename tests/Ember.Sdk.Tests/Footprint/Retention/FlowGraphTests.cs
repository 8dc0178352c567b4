using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Retention;

namespace Ember.Sdk.Tests.Footprint.Retention;

/// <summary>Fast algorithms against what the words mean, on random graphs.</summary>
public sealed class FlowGraphTests
{
    private static readonly Gen<FlowGraph> _graphs =
        from count in Gen.Int[1, 14]
        from edges in Gen.Select(Gen.Int[0, count - 1], Gen.Int[0, count - 1]).Array[0, 40]
        from roots in Gen.Int[0, count - 1].Array[1, 3]
        select Graph(count, edges, roots);

    [Fact]
    public void A_dominator_is_the_last_node_without_which_no_way_is_left()
    {
        _graphs.Sample(graph =>
        {
            DominatorTree dominators = new(graph);
            HashSet<int> reached = Reached(graph, []);
            for (int node = 0; node < graph.Count; node++)
            {
                // Everything that dominates a node lies on one line, so the nearest is the one that the most others dominate.
                int nearest = reached.Contains(node)
                    ? DominatorsOf(graph, node).OrderByDescending(other => DominatorsOf(graph, other).Length).FirstOrDefault(FlowGraph.None)
                    : FlowGraph.None;
                Assert.Equal(nearest, dominators.Of(node));
            }
        });
    }

    [Fact]
    public void What_a_node_retains_is_what_no_way_leads_to_without_it()
    {
        _graphs.Sample(graph =>
        {
            Sizes[] own = [.. Enumerable.Range(0, graph.Count).Select(node => new Sizes(0, 1L << node, 0, 0))];
            RetainedSizes retained = new(graph, own);
            HashSet<int> reached = Reached(graph, []);
            foreach (int node in reached)
            {
                Assert.Equal(Sum(own, reached.Except(Reached(graph, [node]))), retained.Of(node));
            }
        });
    }

    [Fact]
    public void What_merged_nodes_retain_is_what_no_way_leads_to_without_all_of_them()
    {
        Gen.Select(_graphs, Gen.Int[0, 13].HashSet[1, 4]).Sample((graph, chosen) =>
        {
            HashSet<int> reached = Reached(graph, []);
            int[] nodes = [.. chosen.Where(reached.Contains)];
            if (nodes.Length == 0)
            {
                return;
            }

            Sizes[] own = [.. Enumerable.Range(0, graph.Count).Select(node => new Sizes(0, 1L << node, 0, 0))];
            Sizes expected = Sum(own, reached.Except(Reached(graph, nodes)));
            own[nodes[0]] = Sum(own, nodes);

            Assert.Equal(expected, new RetainedSizes(graph.Merge(nodes), own).Of(nodes[0]));
        });
    }

    [Fact]
    public void A_way_follows_edges_from_a_root_and_none_is_shorter()
    {
        _graphs.Sample(graph =>
        {
            RetainedSizes retained = new(graph, new Sizes[graph.Count]);
            int[] distances = Distances(graph);
            for (int node = 0; node < graph.Count; node++)
            {
                IReadOnlyList<int> way = retained.WayTo(node);
                Assert.Equal(distances[node], way.Count);
                if (way.Count != 0)
                {
                    Assert.Contains(way[0], graph.Roots);
                    Assert.Equal(node, way[^1]);
                    Assert.All(way.Zip(way.Skip(1)), step => Assert.Contains(step.Second, graph.Successors(step.First)));
                }
            }
        });
    }

    [Fact]
    public void A_chain_of_a_million_nodes_overflows_no_stack()
    {
        const int length = 1_000_000;
        FlowGraph graph = Graph(length, [.. Enumerable.Range(0, length - 1).Select(node => (node, node + 1))], [0]);

        DominatorTree dominators = new(graph);

        Assert.Equal(FlowGraph.None, dominators.Of(0));
        Assert.Equal(length - 2, dominators.Of(length - 1));
    }

    private static FlowGraph Graph(int count, (int From, int To)[] edges, int[] roots)
    {
        FlowGraph graph = new(count);
        foreach ((int from, int to) in edges)
        {
            graph.AddEdge(from, to);
        }

        foreach (int root in roots)
        {
            graph.AddRoot(root);
        }

        return graph;
    }

    private static int[] DominatorsOf(FlowGraph graph, int node) =>
        [.. Reached(graph, []).Where(other => other != node && !Reached(graph, [other]).Contains(node))];

    private static HashSet<int> Reached(FlowGraph graph, int[] without)
    {
        HashSet<int> reached = [];
        void Visit(int node)
        {
            if (!without.Contains(node) && reached.Add(node))
            {
                graph.Successors(node).ToList().ForEach(Visit);
            }
        }

        graph.Roots.ToList().ForEach(Visit);
        return reached;
    }

    /// <summary>Nodes on a shortest way, by relaxing every edge as often as there are nodes; 0 for no way.</summary>
    private static int[] Distances(FlowGraph graph)
    {
        int[] distances = new int[graph.Count];
        graph.Roots.ToList().ForEach(root => distances[root] = 1);
        for (int round = 0; round < graph.Count; round++)
        {
            for (int from = 0; from < graph.Count; from++)
            {
                foreach (int to in graph.Successors(from))
                {
                    bool isNearer = distances[to] == 0 || distances[to] > distances[from] + 1;
                    distances[to] = distances[from] != 0 && isNearer ? distances[from] + 1 : distances[to];
                }
            }
        }

        return distances;
    }

    private static Sizes Sum(Sizes[] own, IEnumerable<int> nodes) => nodes.Select(node => own[node]).Aggregate(default(Sizes), Sizes.Add);
}
