using System;
using System.Collections.Generic;
using System.Text;
using Ember.Platform.Text;

namespace Ember.Platform.Tests.Faults;

/// <summary>Keeps the lines it is given.</summary>
internal readonly struct LineList : ILineSink
{
    public LineList()
    {
    }

    public List<string> Lines { get; } = [];

    public void WriteLine(ReadOnlySpan<byte> text) => Lines.Add(Encoding.UTF8.GetString(text));
}
