using System;
using System.Globalization;
using System.IO;

namespace Ember.Benchmarks.Reports;

/// <summary>How busy the host is.</summary>
internal static class HostLoad
{
    /// <summary>The load average of the last minute, and the processors it spreads over.</summary>
    public static string Read() => string.Create(
        CultureInfo.InvariantCulture,
        $"load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} on {Environment.ProcessorCount} processors");
}
