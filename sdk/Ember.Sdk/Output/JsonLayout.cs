using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ember.Sdk.Output;

/// <summary>
/// How JSON files are laid out: a member a line, with the same line ends on every host. The encoder leaves what is no danger outside of a
/// web page as it is, so that names stay readable.
/// </summary>
internal static class JsonLayout
{
    private const string LineEnd = "\n";

    /// <summary>For what is written member by member.</summary>
    public static JsonWriterOptions Writer { get; } = new()
    {
        Indented = true,
        NewLine = LineEnd,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>For what is made of objects.</summary>
    public static JsonSerializerOptions Serializer { get; } = new()
    {
        WriteIndented = true,
        NewLine = LineEnd,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
