using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Sdk.Output;

namespace Ember.Sdk.Footprint.Html;

/// <summary>
/// Writes a report as one HTML file that a browser shows without a network: style, scripts and the report, deflated, are all in it.
/// </summary>
public static class FootprintPage
{
    /// <summary>The page's scripts, in the order in which they stand in it.</summary>
    private static readonly string[] _scripts =
    [
        "elements.js", "model.js", "routes.js", "treemap.js", "map.js", "table.js", "listing.js", "symbol.js", "duplicates.js", "diff.js",
        "history.js", "audit.js", "search.js", "page.js",
    ];

    /// <summary>Writes the page to the file <paramref name="path"/>: whole or not at all.</summary>
    /// <exception cref="EmberException">The file cannot be written.</exception>
    public static void Write(FootprintReport report, string path) => AtomicFile.WriteAllBytes(path, Render(report));

    /// <summary>The page, UTF-8. The same report gives the same bytes.</summary>
    public static byte[] Render(FootprintReport report)
    {
        string style = Resource("page.css");
        string script = string.Concat(_scripts.Select(Resource));
        string page = Resource("page.html")
            .Replace("[[style-digest]]", Digest(style), StringComparison.Ordinal)
            .Replace("[[script-digest]]", Digest(script), StringComparison.Ordinal)
            .Replace("[[style]]", style, StringComparison.Ordinal)
            .Replace("[[script]]", script, StringComparison.Ordinal)
            .Replace("[[report]]", Deflate(PageDocument.Write(report)), StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(page);
    }

    /// <summary>With the checksum that zlib adds, by which a browser notices a damaged page.</summary>
    private static string Deflate(byte[] document)
    {
        using MemoryStream deflated = new();
        using (ZLibStream stream = new(deflated, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(document);
        }

        return Convert.ToBase64String(deflated.GetBuffer(), 0, (int)deflated.Length);
    }

    private static string Digest(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Resource(string name)
    {
        using Stream stream = typeof(FootprintPage).Assembly.GetManifestResourceStream(typeof(FootprintPage), name)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
