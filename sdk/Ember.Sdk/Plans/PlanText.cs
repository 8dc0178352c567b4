using System.Collections.Generic;
using System.Text;

namespace Ember.Sdk.Plans;

/// <summary>The text area of a plan while it is written.</summary>
internal sealed class PlanText
{
    private readonly List<byte> _bytes = [];

    /// <summary>All that has been added.</summary>
    public IReadOnlyList<byte> Bytes => _bytes;

    /// <summary>Adds printable ASCII and says where it is.</summary>
    public (uint Offset, uint Length) Add(string text)
    {
        uint offset = (uint)_bytes.Count;
        _bytes.AddRange(Encoding.ASCII.GetBytes(text));
        return (offset, (uint)text.Length);
    }
}
