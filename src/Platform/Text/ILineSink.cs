using System;

namespace Ember.Platform.Text;

/// <summary>Takes finished lines: a serial port, a screen, both, or a test.</summary>
public interface ILineSink
{
    /// <summary>Writes one line; the sink adds the line end of its medium.</summary>
    /// <param name="text">UTF-8 without a line end.</param>
    void WriteLine(ReadOnlySpan<byte> text);
}
