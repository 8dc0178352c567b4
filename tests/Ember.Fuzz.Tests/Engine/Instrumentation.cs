using System;
using System.IO;
using System.Linq;
using SharpFuzz;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>Has the readers beside this program count the branches they take.</summary>
internal static class Instrumentation
{
    // Their loops follow lengths alone, and are nearly all that an execution does.
    private static readonly string[] _uncounted = ["Ember.Formats.Sha256", "Ember.Formats.Crc32C", "Ember.Formats.Signatures.ModularPower"];

    /// <summary>Instruments the assemblies, unless they are.</summary>
    public static int Run()
    {
        foreach (string name in (string[])["Ember.Formats.dll", "Ember.Loader.dll"])
        {
            try
            {
                SharpFuzz.Fuzzer.Instrument(
                    Path.Combine(AppContext.BaseDirectory, name), type => !_uncounted.Contains(type), Options.Value);
            }
            catch (InstrumentationException e) when (e.Message.Contains("already", StringComparison.Ordinal))
            {
                // Nothing has been built since.
            }
        }

        return 0;
    }
}
