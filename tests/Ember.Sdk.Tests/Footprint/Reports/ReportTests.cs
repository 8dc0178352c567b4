using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ember.Sdk.Audit;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Footprint.Html;
using Ember.Sdk.Footprint.Reports;
using Ember.Sdk.Tests.Hosting;
using Json.Schema;

namespace Ember.Sdk.Tests.Footprint.Reports;

public sealed class ReportTests
{
    private static readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.FromText(
        File.ReadAllText(Path.Combine(ReferenceBuild.Repository, "sdk", "docs", "footprint.schema.json"))));

    private static readonly Lazy<FootprintReport> _whole = new(() => new FootprintAnalysis
    {
        Target = FootprintTarget.Open(ReferenceBuild.Folder.Image),
        RunTime = [new Piece(PieceKind.RunTime, new("running core", "", "", "stacks"), new Sizes(0, 0, 0, 4096), null)],
        Baseline = ReferenceBuild.Target.Snapshot() with { Name = "before.json", Pieces = [.. ReferenceBuild.Target.Snapshot().Pieces.Skip(5)] },
        History = [new HistoryEntry("abc", new string('0', 64), new Sizes(0, 1, 2, 0), new Dictionary<string, long> { ["Ember.Core"] = 1 })],
        Audit = new AuditReport([new AuditRuleResult(1, "title", "summary", [new("f", "fact")], [new(16, "f", "wrong")])]),
    }.Report());

    [Fact]
    public void The_report_for_programs_is_as_its_schema_says()
    {
        using JsonDocument json = JsonDocument.Parse(Json(_whole.Value));
        EvaluationResults results = _schema.Value.Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        IEnumerable<string> problems = (results.Details ?? [])
            .Where(detail => detail.Errors is not null)
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(' ', detail.Errors!.Values)}");
        Assert.True(results.IsValid, string.Join('\n', problems));
    }

    [Fact]
    public void The_schema_refuses_what_the_report_does_not_have()
    {
        JsonNode report = JsonNode.Parse(Json(_whole.Value))!;
        report["tree"]!["sizes"]!["file"] = -1;
        using JsonDocument wrong = JsonDocument.Parse(report.ToJsonString());
        Assert.False(_schema.Value.Evaluate(wrong.RootElement).IsValid);
    }

    [Fact]
    public void The_same_core_gives_the_same_report_to_the_byte_wherever_it_lies()
    {
        using TemporaryFolder folder = new();
        FootprintReport here = new FootprintAnalysis { Target = FootprintTarget.Open(ReferenceBuild.Core) }.Report();
        FootprintReport there = new FootprintAnalysis { Target = FootprintTarget.Open(ReferenceBuild.CopyTo(folder.Path)) }.Report();
        Assert.Equal(Json(here), Json(there));
        Assert.Equal(FootprintPage.Render(here), FootprintPage.Render(there));
    }

    [Fact]
    public void The_rows_of_the_table_add_up_to_the_totals()
    {
        using StringWriter text = new() { NewLine = "\n" };
        FootprintCsv.Write(text, _whole.Value);
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("path,kind,symbol,flash,file,loaded,runtime", lines[0]);
        long[][] numbers = [.. lines.Skip(1).Select(line => line.Split(',')[^4..].Select(long.Parse).ToArray())];
        Sizes total = _whole.Value.Root.Sizes;
        Assert.Equal(
            [total.Flash, total.File, total.Loaded, total.RunTime],
            Enumerable.Range(0, 4).Select(column => numbers.Sum(row => row[column])));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-x", "'-x")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    public void A_field_of_the_table_is_a_text_whatever_is_in_it(string name, string field)
    {
        using StringWriter text = new();
        FootprintCsv.Write(text, Report(FootprintTree.Leaf(name, PieceKind.Stub, new Sizes(0, 1, 2, 0))));
        Assert.EndsWith($"\n{field},stub,,0,1,2,0\n", text.ToString());
    }

    [Fact]
    public void The_tree_shows_as_many_rows_as_asked_for_and_sums_up_the_others()
    {
        FootprintNode root = FootprintTree.Gather(
            "core.efi", Enumerable.Range(1, 5).Select(i => FootprintTree.Leaf($"part {i}", PieceKind.Stub, new Sizes(0, i * 1000, i, 0))));
        using StringWriter text = new() { NewLine = "\n" };
        FootprintText.WriteTree(text, Report(root), depth: 1, top: 2);
        Assert.Equal(
            """
                           file    loaded
            core.efi     15,000        15  100.0 %  ████████████████
            ├─ part 5     5,000         5   33.3 %  █████
            ├─ part 4     4,000         4   26.7 %  ████
            └─ 3 more     6,000         6   40.0 %  ██████

            """,
            text.ToString());
    }

    [Fact]
    public void Markdown_shows_names_as_they_are()
    {
        using StringWriter text = new();
        FootprintMarkdown.Write(text, Report(FootprintTree.Leaf("<b>|*x*`\n", PieceKind.Stub, new Sizes(0, 1234, 0, 0))));
        Assert.Contains("| \\<b\\>\\|\\*x\\*\\`  | 1,234 |\n", text.ToString());
    }

    [Fact]
    public void A_listing_names_what_it_calls_and_the_lines_it_is_of()
    {
        SymbolReport main = Assert.Single(
            _whole.Value.Symbols, symbol => symbol.Symbol.IsCode && symbol.Symbol.Source.ShortName == "EntryPoint.Main(Void*)");
        MethodListing listing = Assert.Single(_whole.Value.Listings, listing => listing.Symbol == main.Symbol.Name);
        Assert.Equal((int)main.Symbol.Length, listing.Lines.Sum(line => line.Length));
        Assert.Contains(listing.Lines, line => line.Text.Contains("HostPhase.Continue", StringComparison.Ordinal));
        Assert.Contains(listing.Lines, line => line.Source?.StartsWith("src/Core/Startup/EntryPoint.Freestanding.cs:", StringComparison.Ordinal) == true);
    }

    private static FootprintReport Report(FootprintNode root) => new()
    {
        Name = "core.efi",
        Digest = "",
        Root = root,
        Symbols = [],
        Generics = [],
        Duplicates = [],
        Listings = [],
    };

    private static string Json(FootprintReport report)
    {
        using MemoryStream stream = new();
        FootprintJson.Write(stream, report);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
