using Ember.Formats.Symbols;

namespace Ember.Stubs.Symbols;

/// <summary>
/// Byte-pair compression of names: the commonest pair of neighbours becomes a word, again and again, until no pair is common or
/// every code for a word is in use.
/// </summary>
internal sealed class WordCompression
{
    /// <summary>A pair seen more rarely does not repay its place in the dictionary.</summary>
    private const int FewestUses = 4;

    private readonly List<string> _texts = [.. Enumerable.Range(0, SymbolTableFormat.FirstWord).Select(c => ((char)c).ToString())];
    private readonly List<List<int>> _names;

    private WordCompression(IReadOnlyList<string> names)
    {
        _names = [.. names.Select(name => name.Select(c => (int)c).ToList())];
        while (LiveWords().Count < SymbolTableFormat.MaximumWords && CommonestPair() is (int, int) pair)
        {
            Merge(pair);
        }

        int[] live = [.. LiveWords().Where(use => Repays(use.Key, use.Value)).Select(use => use.Key).Order()];
        Words = [.. live.Select(word => _texts[word])];
        Encoded = [.. _names.Select(name => name.SelectMany(part => Encode(part, live)).ToArray())];
    }

    /// <summary>The dictionary, in the order of its codes.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The names in the order given, encoded.</summary>
    public IReadOnlyList<byte[]> Encoded { get; }

    /// <summary>Compresses names of ASCII characters.</summary>
    public static WordCompression Of(IReadOnlyList<string> names) => new(names);

    private Dictionary<int, int> LiveWords()
    {
        var uses = new Dictionary<int, int>();
        foreach (int part in _names.SelectMany(name => name).Where(part => part >= SymbolTableFormat.FirstWord))
        {
            uses[part] = uses.GetValueOrDefault(part) + 1;
        }

        return uses;
    }

    private (int Left, int Right)? CommonestPair()
    {
        var counts = new Dictionary<(int, int), int>();
        foreach (List<int> name in _names)
        {
            for (int i = 1; i < name.Count; i++)
            {
                (int, int) pair = (name[i - 1], name[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        }

        (int Left, int Right)? best = null;
        int most = FewestUses - 1;
        foreach (((int Left, int Right) pair, int count) in counts.OrderBy(c => c.Key))
        {
            if (count > most && _texts[pair.Left].Length + _texts[pair.Right].Length <= byte.MaxValue)
            {
                best = pair;
                most = count;
            }
        }

        return best;
    }

    private void Merge((int Left, int Right) pair)
    {
        int word = _texts.Count;
        _texts.Add(_texts[pair.Left] + _texts[pair.Right]);
        foreach (List<int> name in _names)
        {
            int kept = 0;
            for (int i = 0; i < name.Count; i++)
            {
                bool merges = i + 1 < name.Count && name[i] == pair.Left && name[i + 1] == pair.Right;
                name[kept++] = merges ? word : name[i];
                i += merges ? 1 : 0;
            }

            name.RemoveRange(kept, name.Count - kept);
        }
    }

    private bool Repays(int word, int uses) => uses * (_texts[word].Length - 1) > _texts[word].Length + 1;

    private IEnumerable<byte> Encode(int part, int[] live)
    {
        int index = Array.BinarySearch(live, part);
        return part < SymbolTableFormat.FirstWord ? [(byte)part]
            : index >= 0 ? [(byte)(SymbolTableFormat.FirstWord + index)]
            : _texts[part].Select(c => (byte)c);
    }
}
