using Ember.Formats;
using Ember.Platform.Text;

namespace Ember.Loader;

/// <summary>How much was hashed, and how long that took.</summary>
internal struct HashRate
{
    private ulong _bytes;
    private ulong _ticks;

    /// <summary>Counts a file.</summary>
    public void Add(ulong bytes, ulong ticks)
    {
        _bytes += bytes;
        _ticks += ticks;
    }

    /// <summary>Says it, and which way it was done.</summary>
    /// <param name="line">Receives the text.</param>
    /// <param name="ticksPerMillisecond">Not 0.</param>
    public readonly void AppendTo(ref LineBuffer line, ulong ticksPerMillisecond)
    {
        line.Append("SHA-256: "u8);
        line.AppendSize(_bytes);
        line.Append(" in "u8);
        line.AppendDecimal(_ticks / ticksPerMillisecond);
        line.Append(" ms, "u8);
        line.AppendDecimal(_bytes / 1000 * ticksPerMillisecond / (_ticks | 1));
        line.Append(Sha256.UsesInstructions ? " MB/s (SHA-NI)"u8 : " MB/s (portable)"u8);
    }
}
