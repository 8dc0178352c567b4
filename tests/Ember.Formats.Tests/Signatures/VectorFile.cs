using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Reflection;

namespace Ember.Formats.Tests.Signatures;

/// <summary>Test vectors in the form that NIST publishes them in: lines of <c>name = value</c>; a value holds until the next of its
/// name, and <c>Result</c> ends a vector.</summary>
internal static class VectorFile
{
    public static IEnumerable<SignatureVector> Read(string name)
    {
        Dictionary<string, string> values = [];
        foreach (string line in ReadText(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split(" = ") is not [string key, string value])
            {
                continue;
            }

            values[key] = value;
            if (key == "Result")
            {
                yield return new SignatureVector(
                    Convert.FromHexString(values["n"]),
                    uint.Parse(values["e"], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    Convert.FromHexString(values["Msg"]),
                    Convert.FromHexString(values["S"]),
                    value == "P");
            }
        }
    }

    public static string ReadText(string name)
    {
        using StreamReader reader = new(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
