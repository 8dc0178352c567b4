using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.MachineCode;

/// <summary>Walks over a function's blocks.</summary>
internal static class FlowOrder
{
    /// <summary>Depth first from the entries: the edges that lead to a block the walk is still inside of.</summary>
    public static IReadOnlyList<BackEdge> BackEdges(CodeFunction function)
    {
        IReadOnlyList<CodeBlock> blocks = function.Blocks;
        List<BackEdge> edges = [];
        bool[] seen = new bool[blocks.Count];
        bool[] open = new bool[blocks.Count];
        Stack<(int Block, int Next)> way = [];
        for (int root = 0; root < blocks.Count; root++)
        {
            if (seen[root])
            {
                continue;
            }

            seen[root] = open[root] = true;
            way.Push((root, 0));
            while (way.TryPop(out (int Block, int Next) at))
            {
                CodeBlock block = blocks[at.Block];
                if (at.Next == block.Successors.Count)
                {
                    open[at.Block] = false;
                    continue;
                }

                way.Push((at.Block, at.Next + 1));
                int successor = block.Successors[at.Next];
                if (open[successor])
                {
                    edges.Add(new BackEdge((uint)function.Instructions[block.First + block.Count - 1].IP, blocks[successor].Rva));
                }
                else if (!seen[successor])
                {
                    seen[successor] = open[successor] = true;
                    way.Push((successor, 0));
                }
            }
        }

        return [.. edges.OrderBy(edge => edge.From).ThenBy(edge => edge.To)];
    }

    /// <summary>Backwards from the edge's start, not beyond its end.</summary>
    public static IReadOnlyList<int> Loop(CodeFunction function, BackEdge edge)
    {
        List<int>[] predecessors = [.. function.Blocks.Select(_ => new List<int>())];
        for (int i = 0; i < function.Blocks.Count; i++)
        {
            foreach (int successor in function.Blocks[i].Successors)
            {
                predecessors[successor].Add(i);
            }
        }

        SortedSet<int> loop = [function.BlockOf(edge.To)];
        Stack<int> todo = new([function.BlockOf(edge.From)]);
        while (todo.TryPop(out int block))
        {
            if (loop.Add(block))
            {
                predecessors[block].ForEach(todo.Push);
            }
        }

        return [.. loop];
    }
}
