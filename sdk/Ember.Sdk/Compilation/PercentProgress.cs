using System;
using System.Globalization;

namespace Ember.Sdk.Compilation;

/// <summary>Says how far a long write is: at its start, then once a second.</summary>
/// <param name="what">What is written.</param>
/// <param name="total">How many bytes there are in all.</param>
/// <param name="clock">Tells when a second is over.</param>
/// <param name="say">Takes the words; null for nobody.</param>
internal sealed class PercentProgress(string what, long total, TimeProvider clock, Action<string>? say) : IProgress<long>
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private long _last = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Report(long value)
    {
        if (clock.GetElapsedTime(_last) >= _interval)
        {
            _last = clock.GetTimestamp();
            say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{what}: {Math.Min(100, 100.0 * value / Math.Max(total, 1)):0} %"));
        }
    }
}
