using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.History;

namespace Ember.Sdk.Tests.Footprint.History;

public sealed class HistoryChartTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(700)]
    public void Any_number_of_builds_is_valid_XML_without_a_script(int count)
    {
        string text = HistoryChart.Draw([.. Enumerable.Range(1, count).Select(FootprintHistoryTests.Entry)]);
        XElement chart = XElement.Parse(text);

        Assert.Equal(_svg + "svg", chart.Name);
        Assert.Equal(Math.Min(count, 500), chart.Descendants(_svg + "rect").Count(IsBuild));
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            chart.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_is_as_high_as_the_builds_are_large()
    {
        XElement chart = Draw([1, 2, 4]);
        double[] heights = [.. Points(chart, "polyline").Select(point => point.Y)];
        double floor = Points(chart, "polygon").Max(point => point.Y);

        Assert.Equal(3, heights.Length);
        Assert.Equal(2, (floor - heights[1]) / (floor - heights[0]), 0.01);
        Assert.Equal(4, (floor - heights[2]) / (floor - heights[0]), 0.01);
    }

    [Fact]
    public void Areas_lie_on_one_another_up_to_the_line()
    {
        XElement chart = Draw([3]);
        (double X, double Y)[][] areas = [.. chart.Elements(_svg + "polygon").Select(PointsOf)];

        Assert.Equal(["area0", "area1", "rest"], chart.Elements(_svg + "polygon").Select(area => (string?)area.Attribute("class")));
        Assert.All(areas.Zip(areas.Skip(1)), pair => Assert.Equal(pair.First[0].Y, pair.Second[^1].Y));
        Assert.Equal(areas[^1][0].Y, Points(chart, "polyline")[0].Y);
    }

    [Fact]
    public void A_build_says_all_about_itself_under_the_pointer()
    {
        XElement chart = Draw([1, 2]);

        Assert.Equal(
            [
                "r1 <&>: 1,000 bytes\nEmber.Core.Devices: 400\nEmber.Core: 10",
                "r2 <&>: 2,000 bytes\nEmber.Core.Devices: 800\nEmber.Core: 20",
            ],
            chart.Descendants(_svg + "rect").Where(IsBuild).Select(build => build.Element(_svg + "title")!.Value));
        Assert.Contains(chart.Elements(_svg + "text"), text => text.Value == "r2 <&>");
        Assert.Contains(chart.Elements(_svg + "text"), text => text.Value == "Ember.Core.Devices 800");
    }

    [Fact]
    public void Text_that_XML_cannot_hold_and_numbers_that_make_no_sense_are_drawn_all_the_same()
    {
        HistoryEntry odd = new(
            "\0\uD800\uFFFE" + new string('x', 1000),
            "",
            new Sizes(0, 1, 0, 0),
            Enumerable.Range(0, 20).ToDictionary(i => $"{i}\u0001", _ => 1L << 40));
        string text = HistoryChart.Draw([odd, odd with { Sizes = default, Namespaces = new Dictionary<string, long>() }, odd]);

        Assert.Contains("…", XElement.Parse(text).Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
    }

    private static XElement Draw(int[] builds) => XElement.Parse(HistoryChart.Draw([.. builds.Select(FootprintHistoryTests.Entry)]));

    private static bool IsBuild(XElement element) => (string?)element.Attribute("class") == "build";

    private static (double X, double Y)[] Points(XElement chart, string shape) => PointsOf(chart.Elements(_svg + shape).First());

    private static (double X, double Y)[] PointsOf(XElement element) =>
    [
        .. element.Attribute("points")!.Value.Split(' ')
            .Select(point => point.Split(','))
            .Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture))),
    ];
}
