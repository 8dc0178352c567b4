using System;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Footprint.Reports;
using static Ember.Sdk.Tests.Footprint.Comparison.SnapshotFixture;

namespace Ember.Sdk.Tests.Footprint.Reports;

public sealed class DiffMarkdownTests
{
    [Fact]
    public void A_change_is_a_title_the_totals_and_a_table()
    {
        string text = DiffMarkdown.Of(FootprintComparison.Compare(
            Of(Piece("f()", 100_000), Piece("g(Byte)", 300, Hash(1), "Old")),
            Of(Piece("f()", 101_000), Piece("g(Byte)", 300, Hash(1), "New"))));

        Assert.Equal(
            """
            ### core.efi: 101,300 bytes, +1,000 (+1.00 %)

            Against before.json: 100,300 bytes in the file. Loaded: 101,300 bytes, +1,000.

            | bytes | before | after | | what | kind |
            |--:|--:|--:|---|---|---|
            | +1,000 | 100,000 | 101,000 | grown | Ember.Core.Devices.T.f() | method |
            | ±0 | 300 | 300 | moved | Ember.Core.Devices.New.g(Byte), was Ember.Core.Devices.Old.g(Byte) | method |

            """,
            text);
    }

    [Fact]
    public void What_means_something_in_Markdown_is_escaped()
    {
        string text = DiffMarkdown.Of(FootprintComparison.Compare(Of(), Of(Piece("a|b<i>_c_`d`*[x](y)\\&amp;\n#1~~", 100))));

        Assert.Contains(@"T.a\|b\<i\>\_c\_\`d\`\*\[x\](y)\\\&amp; \#1\~\~ | method |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_after_the_twentieth_row_is_folded_and_what_nobody_reads_left_out()
    {
        FootprintDiff diff = FootprintComparison.Compare(Of(), Of([.. Enumerable.Range(1, 300).Select(i => Piece($"f{i}()", i))]));

        string text = DiffMarkdown.Of(diff);
        string[] parts = text.Split("<details>");

        Assert.Equal(2, parts.Length);
        Assert.Equal(20, parts[0].Split('\n').Count(line => line.StartsWith("| +", StringComparison.Ordinal)));
        Assert.Contains("| +300 |", parts[0], StringComparison.Ordinal);
        Assert.StartsWith("\n<summary>280 more</summary>\n\n| bytes", parts[1], StringComparison.Ordinal);
        Assert.Equal(200, parts[1].Split('\n').Count(line => line.StartsWith("| +", StringComparison.Ordinal)));
        Assert.EndsWith("\nand 80 smaller ones\n\n</details>\n", parts[1], StringComparison.Ordinal);
        Assert.True(text.Length < 65_536);
    }

    [Fact]
    public void No_change_is_said_in_words()
    {
        string text = DiffMarkdown.Of(FootprintComparison.Compare(Of(Piece("f()", 100)), Of(Piece("f()", 100))));

        Assert.StartsWith("### core.efi: 100 bytes, ±0\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nNothing takes more or less than before.\n", text, StringComparison.Ordinal);
    }
}
