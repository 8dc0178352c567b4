using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Xml;

namespace Ember.Sdk.Footprint.History;

/// <summary>
/// Draws what build after build took: the size of the file, and within it the namespaces that are the largest now, one on the other.
/// An SVG of its own, also fit to stand in an HTML page; readable on light and dark ground; no script.
/// </summary>
public static class HistoryChart
{
    private const string SvgNamespace = "http://www.w3.org/2000/svg";
    private const int MostNamespaces = 6;
    private const int MostBuilds = 500;
    private const int MostLines = 6;
    private const int LongestLabel = 32;
    private const double Width = 800;
    private const double Height = 340;
    private const double Left = 70;
    private const double Right = 540;
    private const double Top = 40;
    private const double Bottom = 290;

    // Paul Tol's bright scheme, which colour-blind people can tell apart; grey is for the rest.
    private const string Style =
        """
        .history { font: 12px system-ui, sans-serif; color: #222; background: #fff; }
        .history text { fill: currentColor; }
        .history .grid { stroke: currentColor; stroke-opacity: .15; }
        .history .total { fill: none; stroke: currentColor; stroke-width: 2; }
        .history .build { fill: transparent; }
        .history .build:hover { fill: currentColor; fill-opacity: .12; }
        .history .area0 { fill: #4477aa; } .history .area1 { fill: #66ccee; } .history .area2 { fill: #228833; }
        .history .area3 { fill: #ccbb44; } .history .area4 { fill: #ee6677; } .history .area5 { fill: #aa3377; }
        .history .rest { fill: #999; }
        @media (prefers-color-scheme: dark) { .history { color: #ddd; background: #181818; } }
        """;

    private static readonly XmlWriterSettings _layout = new() { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" };

    /// <summary>The chart as SVG.</summary>
    /// <param name="history">The builds, the oldest first; of very many, the latest are drawn.</param>
    public static string Draw(IReadOnlyList<HistoryEntry> history)
    {
        HistoryEntry[] builds = [.. history.TakeLast(MostBuilds)];
        StringBuilder text = new();
        using (XmlWriter svg = XmlWriter.Create(text, _layout))
        {
            svg.WriteStartElement("svg", SvgNamespace);
            svg.WriteAttributeString("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}"));
            svg.WriteAttributeString("class", "history");
            svg.WriteAttributeString("role", "img");
            svg.WriteElementString("title", SvgNamespace, "Size of core.efi, build after build");
            svg.WriteElementString("style", SvgNamespace, Style);
            if (builds.Length == 0)
            {
                WriteText(svg, Left, Top, "start", "no builds yet");
            }
            else
            {
                WriteBuilds(svg, builds);
            }

            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void WriteBuilds(XmlWriter svg, HistoryEntry[] builds)
    {
        string[] spaces =
        [
            .. builds[^1].Namespaces
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(MostNamespaces)
                .Select(pair => pair.Key),
        ];
        long most = builds.Max(build => Math.Max(build.Sizes.File, spaces.Sum(space => Of(build, space))));
        long step = 1024;
        while (step * MostLines < most)
        {
            step *= 2;
        }

        double scale = (Bottom - Top) / Math.Max(most, step);
        WriteAxes(svg, builds, most, step, scale);
        long[] floor = new long[builds.Length];
        for (int i = 0; i < spaces.Length; i++)
        {
            long[] ceiling = [.. builds.Select((build, number) => floor[number] + Of(build, spaces[i]))];
            WriteArea(svg, $"area{i}", floor, ceiling, scale);
            WriteLegend(svg, i, $"area{i}", spaces[i], Of(builds[^1], spaces[i]));
            floor = ceiling;
        }

        long[] totals = [.. builds.Select((build, number) => Math.Max(build.Sizes.File, floor[number]))];
        WriteArea(svg, "rest", floor, totals, scale);
        WriteLegend(svg, spaces.Length, "rest", "everything else", totals[^1] - floor[^1]);
        WriteShape(svg, "polyline", "total", Points(totals, scale));
        WriteHovers(svg, builds, spaces);
    }

    private static void WriteAxes(XmlWriter svg, HistoryEntry[] builds, long most, long step, double scale)
    {
        WriteText(svg, Left, Top - 18, "start", "KiB in core.efi");
        for (long bytes = 0; bytes <= Math.Max(most, step); bytes += step)
        {
            double y = Bottom - (bytes * scale);
            svg.WriteStartElement("line", SvgNamespace);
            svg.WriteAttributeString("class", "grid");
            WriteNumbers(svg, ("x1", Left), ("y1", y), ("x2", Right), ("y2", y));
            svg.WriteEndElement();
            WriteText(svg, Left - 8, y + 4, "end", string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024:N0}"));
        }

        WriteText(svg, Left, Bottom + 20, "start", Shorten(builds[0].Revision));
        if (builds.Length > 1)
        {
            WriteText(svg, Right, Bottom + 20, "end", Shorten(builds[^1].Revision));
        }

        string axis = string.Create(CultureInfo.InvariantCulture, $"builds ({builds.Length:N0})");
        WriteText(svg, (Left + Right) / 2, Bottom + 40, "middle", axis);
    }

    private static void WriteArea(XmlWriter svg, string style, long[] floor, long[] ceiling, double scale) =>
        WriteShape(svg, "polygon", style, $"{Points(ceiling, scale)} {string.Join(' ', Points(floor, scale).Split(' ').Reverse())}");

    private static void WriteShape(XmlWriter svg, string shape, string style, string points)
    {
        svg.WriteStartElement(shape, SvgNamespace);
        svg.WriteAttributeString("class", style);
        svg.WriteAttributeString("points", points);
        svg.WriteEndElement();
    }

    private static void WriteLegend(XmlWriter svg, int row, string style, string name, long bytes)
    {
        double y = Top + (row * 22);
        svg.WriteStartElement("rect", SvgNamespace);
        svg.WriteAttributeString("class", style);
        WriteNumbers(svg, ("x", Right + 20), ("y", y - 10), ("width", 12), ("height", 12));
        svg.WriteEndElement();
        WriteText(svg, Right + 40, y, "start", string.Create(CultureInfo.InvariantCulture, $"{Shorten(name)} {bytes:N0}"));
    }

    /// <summary>A column for each build, which says all about it under the pointer.</summary>
    private static void WriteHovers(XmlWriter svg, HistoryEntry[] builds, string[] spaces)
    {
        double width = (Right - Left) / builds.Length;
        for (int i = 0; i < builds.Length; i++)
        {
            svg.WriteStartElement("rect", SvgNamespace);
            svg.WriteAttributeString("class", "build");
            WriteNumbers(svg, ("x", Left + (i * width)), ("y", Top), ("width", width), ("height", Bottom - Top));
            IEnumerable<string> lines = spaces.Select(
                space => string.Create(CultureInfo.InvariantCulture, $"\n{Shorten(space)}: {Of(builds[i], space):N0}"));
            string title = string.Create(CultureInfo.InvariantCulture, $"{Shorten(builds[i].Revision)}: {builds[i].Sizes.File:N0} bytes");
            svg.WriteElementString("title", SvgNamespace, title + string.Concat(lines));
            svg.WriteEndElement();
        }
    }

    private static string Points(long[] heights, double scale)
    {
        // One build alone is drawn from end to end.
        long[] all = heights.Length == 1 ? [heights[0], heights[0]] : heights;
        return string.Join(' ', all.Select((height, i) => string.Create(
            CultureInfo.InvariantCulture, $"{Left + ((Right - Left) * i / (all.Length - 1)):0.##},{Bottom - (height * scale):0.##}")));
    }

    private static void WriteText(XmlWriter svg, double x, double y, string anchor, string text)
    {
        svg.WriteStartElement("text", SvgNamespace);
        WriteNumbers(svg, ("x", x), ("y", y));
        svg.WriteAttributeString("text-anchor", anchor);
        svg.WriteString(text);
        svg.WriteEndElement();
    }

    private static void WriteNumbers(XmlWriter svg, params IReadOnlyList<(string Name, double Value)> numbers)
    {
        foreach ((string name, double value) in numbers)
        {
            svg.WriteAttributeString(name, value.ToString("0.##", CultureInfo.InvariantCulture));
        }
    }

    private static long Of(HistoryEntry build, string space) => build.Namespaces.GetValueOrDefault(space);

    /// <summary>Text that fits, of characters that XML can hold.</summary>
    private static string Shorten(string text)
    {
        StringBuilder shown = new();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (count++ == LongestLabel)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? Rune.ReplacementChar : rune);
        }

        return shown.ToString();
    }
}
