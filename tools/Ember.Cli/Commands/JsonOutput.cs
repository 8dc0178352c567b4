using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ember.Cli.Commands;

/// <summary>How JSON is laid out.</summary>
internal static class JsonOutput
{
    /// <summary>One member a line.</summary>
    public static JsonSerializerOptions Indented { get; } = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
