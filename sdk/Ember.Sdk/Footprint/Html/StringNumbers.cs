using System;
using System.Collections.Generic;

namespace Ember.Sdk.Footprint.Html;

/// <summary>Texts by number, so that each is in the page once.</summary>
internal sealed class StringNumbers
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The texts by their numbers.</summary>
    public IReadOnlyList<string> All => _texts;

    /// <summary>The number of <paramref name="text"/>, from 0 in the order in which they came.</summary>
    public int Of(string text)
    {
        if (!_numbers.TryGetValue(text, out int number))
        {
            number = _texts.Count;
            _numbers.Add(text, number);
            _texts.Add(text);
        }

        return number;
    }
}
