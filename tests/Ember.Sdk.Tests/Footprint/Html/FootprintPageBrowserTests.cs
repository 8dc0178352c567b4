using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Ember.Sdk.Footprint;
using Ember.Sdk.Tests.Hosting;
using OpenQA.Selenium;

namespace Ember.Sdk.Tests.Footprint.Html;

/// <summary>
/// Clicks through the page as people do. In the end of each test the console must be empty and nothing asked for but the page.
/// </summary>
public sealed partial class FootprintPageBrowserTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly FootprintReport _report = SampleReports.Small();
    private string _page = "";

    public void Dispose()
    {
        Assert.Empty(browser.Console());
        Assert.Equal([new Uri(_page).AbsoluteUri], browser.Requests().Select(address => address.Split('#')[0]));
    }

    [Fact]
    public void The_page_says_what_was_measured_and_shows_the_map()
    {
        Open(_report);
        Assert.Equal("core.efi", browser.Text("#subject bdi"));
        Assert.Equal(_report.Root.Sizes.File, Number(browser.Text("#subject .total")));
        Assert.Equal(_report.Root.Sizes.File, Number(browser.Text(".breadcrumb .total")));
        Assert.Equal("core.efi: Ember footprint", browser.Title);
        Assert.Equal(
            ["Map", "Table", "Symbol", "Generics & duplicates", "Diff", "History", "Audit"], browser.Texts("[role=tab]"));
        Assert.Contains("Run()900", browser.Texts(".tile"));
        Assert.False(browser.Get("#message").Displayed);
    }

    [Fact]
    public void Tabs_of_what_is_not_in_the_report_are_not_there()
    {
        Open(_report with { Diff = null, Audit = null, History = [] });
        Assert.Equal(["Map", "Table", "Symbol", "Generics & duplicates"], browser.Texts("[role=tab]"));
        Assert.Equal(["Kind", "Namespace"], browser.Texts("input[name=Colour] + span"));
    }

    [Fact]
    public void Tabs_are_chosen_with_mouse_and_arrow_keys_and_Back_goes_back()
    {
        Open(_report);
        browser.Click("#tab-table");
        Assert.Equal("true", browser.Get("#tab-table").GetDomAttribute("aria-selected"));
        Assert.True(browser.Get(".tree .total").Displayed);
        browser.Press("#tab-table", Keys.ArrowRight);
        Assert.True(browser.Get("main.view-symbol").Displayed);
        Assert.Equal("tab-symbol", browser.Evaluate("return document.activeElement.id"));
        browser.Back();
        Assert.True(browser.Get("main.view-table").Displayed);
        browser.Back();
        Assert.True(browser.Get("main.view-map .map").Displayed);
    }

    [Fact]
    public void A_row_of_the_map_zooms_in_and_the_breadcrumb_out()
    {
        Open(_report);
        FootprintNode assembly = Row(_report.Root, "Ember.Core");
        FootprintNode space = Row(assembly, "Ember.Core.Machines");
        ClickHeader("Machines");
        browser.Get(Map("Ember.Core.Machines"));
        Assert.Equal(["core.efi", "Ember.Core", "Ember.Core.Machines"], browser.Texts(".breadcrumb li"));
        Assert.Equal(space.Sizes.File, Number(browser.Text(".breadcrumb .total")));
        browser.Click(".breadcrumb li:nth-child(2) a");
        browser.Get(Map("Ember.Core"));
        Assert.Equal(assembly.Sizes.File, Number(browser.Text(".breadcrumb .total")));
        browser.Back();
        browser.Press($"{Map("Ember.Core.Machines")} > [tabindex='0']", Keys.Backspace);
        browser.Get(Map("Ember.Core"));
        browser.Back();
        browser.Back();
        browser.Get(Map("core.efi"));
    }

    [Fact]
    public void Keys_walk_over_the_map_and_open_what_they_are_on()
    {
        Open(_report);
        string first = (string)browser.Evaluate("const tile = document.querySelector('.tile'); tile.focus(); return tile.dataset.node")!;
        Assert.StartsWith(_report.Root.Children[0].Name, browser.Text("#tooltip:not([hidden])"), StringComparison.Ordinal);
        browser.Press(".tile:focus", Keys.ArrowDown);
        Assert.NotEqual(first, browser.Get(".tile:focus").GetDomAttribute("data-node"));
        browser.Press(".tile:focus", Keys.Enter);
        browser.Get(Map("Ember.Core.Machines"));
    }

    [Fact]
    public void The_pointer_on_a_tile_tells_name_kind_sizes_and_share()
    {
        Open(_report);
        browser.Evaluate("""
            const tile = [...document.querySelectorAll('.tile')].find(one => one.textContent === 'Run()900');
            tile.dispatchEvent(new PointerEvent('pointermove', { clientX: 300, clientY: 300 }));
            """);
        string tooltip = browser.Text("#tooltip:not([hidden])");
        Assert.Contains("Ember.Core.Machines.Machine.Run()", tooltip, StringComparison.Ordinal);
        Assert.Contains("C# code", tooltip, StringComparison.Ordinal);
        Assert.Contains(Share(900, _report.Root.Sizes.File), tooltip, StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_shows_each_column_that_has_something_in_it()
    {
        Open(_report);
        Assert.DoesNotContain("static fields4,096", browser.Texts(".tile"));
        browser.Click("label:has(input[value=loaded])");
        browser.Get(Map("core.efi", "Loaded"));
        Assert.Equal(_report.Root.Sizes.Loaded, Number(browser.Text(".breadcrumb .total")));
        Assert.Contains("static fields4,096", browser.Texts(".tile"));
        Assert.Equal("loaded", browser.Evaluate("return document.activeElement.value"));
        Assert.False(browser.Get("input[value=flash]").Enabled);
        browser.Click("#tab-table");
        browser.Get("main.view-table");
        browser.Back();
        browser.Get(Map("core.efi", "Loaded"));
    }

    [Fact]
    public void A_leaf_of_the_map_opens_its_symbol_and_symbols_lead_to_each_other()
    {
        Open(_report);
        ClickTile("Step(VmExit&)600");
        Assert.Equal("Ember.Core.Machines.Machine.Step(VmExit&)", browser.Text("main.view-symbol h2"));
        SymbolReport step = _report.Symbols.Single(report => report.Symbol.Source.Member == "Step(VmExit&)");
        Assert.Equal($"File{Text(step.Sizes.File)}{Text(step.Retained.File)}", browser.Texts(".card tbody tr")[1]);
        Assert.Equal(
            [
                "Ember.Core.Startup.EntryPoint.EfiMain(Void*)", "Ember.Core.Machines.Machine.Run()",
                "Ember.Core.Machines.Machine.Step(VmExit&)",
            ],
            browser.Texts(".path li"));
        Assert.Equal(["src/Core/Machine.cs:10", "src/Core/Machine.cs:11", "src/Core/Machine.cs:12"], browser.Texts(".listing .source"));
        Assert.Equal(
            [
                $"0x{step.Symbol.Rva:X}push rbx", $"0x{step.Symbol.Rva + 1:X}call Ember.Platform.Text.LineBuffer.Append(Byte)",
                $"0x{step.Symbol.Rva + 6:X}call EmberWriteMsr", $"0x{step.Symbol.Rva + 11:X}je short 0x{step.Symbol.Rva:X}",
                $"0x{step.Symbol.Rva + 13:X}ret",
            ],
            browser.Texts(".listing .line"));

        browser.Click(".listing .line:nth-of-type(6) a");
        AssertSymbol("EmberWriteMsr");
        browser.Back();
        AssertSymbol("Ember.Core.Machines.Machine.Step(VmExit&)");
        browser.Click(".dominator a");
        AssertSymbol("Ember.Core.Machines.Machine.Run()");
        browser.Click(".path li:first-child a");
        AssertSymbol("Ember.Core.Startup.EntryPoint.EfiMain(Void*)");
        Assert.Equal("None: it is a root.", browser.Text(".dominator"));
        Assert.Contains("EfiMain", browser.Texts(".facts ul li"));
    }

    [Fact]
    public void A_jump_leads_to_its_target_in_the_same_listing()
    {
        SymbolReport run = _report.Symbols.Single(report => report.Symbol.Source.Member == "Run()");
        Open(_report, $"#symbol={run.Symbol.Name}");
        browser.Click(".listing .line:nth-last-child(2) a");
        Assert.Equal($"0x{run.Symbol.Rva:X}push rbx", browser.Texts(".line.target").Single());
    }

    [Fact]
    public void Search_finds_symbols_and_namespaces_and_Enter_opens_the_first()
    {
        Open(_report);
        browser.Press("body", "/");
        Assert.Equal("search", browser.Evaluate("return document.activeElement.id"));
        browser.Press("#search", "linebuffer append");
        Assert.Equal(["Ember.Platform.Text.LineBuffer.Append(Byte)C# code, 136"], browser.Texts("#results [role=option]"));
        browser.Press("#search", Keys.Enter);
        AssertSymbol("Ember.Platform.Text.LineBuffer.Append(Byte)");
        browser.Press("#search", Keys.Control + "a");
        browser.Press("#search", "ember.core.machines");
        browser.Press("#search", Keys.Enter);
        browser.Get(Map("Ember.Core.Machines"));
        browser.Press("#search", Keys.Control + "a");
        browser.Press("#search", "no such thing");
        Assert.Equal("Nothing has this name.", browser.Text("#results .nothing"));
    }

    [Fact]
    public void The_table_adds_up_opens_and_sorts()
    {
        Open(_report, "#tab=table");
        Assert.Equal(
            ["core.efi", "", Text(0), Text(_report.Root.Sizes.File), Text(_report.Root.Sizes.Loaded), Text(0), "100.0 %"],
            browser.Texts(".tree .total td").Select(text => text.TrimStart('▾')));
        Assert.Equal(_report.Root.Sizes.File, browser.Texts(".tree tbody tr[aria-level='2'] td:nth-child(4)").Sum(Number));
        Assert.Equal(_report.Root.Children.Count, browser.Texts(".tree tr[aria-level='2']").Count);

        browser.Press(".tree .total", Keys.ArrowDown);
        browser.Press(".tree tr:focus", Keys.ArrowRight);
        FootprintNode assembly = _report.Root.Children[0];
        Assert.Equal(assembly.Children.Select(child => child.Name), Names("3"));
        Assert.Equal(assembly.Sizes.File, browser.Texts(".tree tr[aria-level='3'] td:nth-child(4)").Sum(Number));
        browser.Click("[data-sort=name]");
        browser.Get(".tree th[aria-sort=ascending] [data-sort=name]");
        Assert.Equal(assembly.Children.Select(child => child.Name).Order(StringComparer.Ordinal), Names("3"));
        browser.Press(".tree tr[aria-level='2'][aria-expanded=true] .twisty", Keys.Enter);
        browser.Get(".tree tbody:not(:has(tr[aria-level='3']))");
    }

    [Fact]
    public void Equal_methods_and_shapes_of_generics_are_listed()
    {
        Open(_report, "#tab=duplicates");
        Assert.Contains("Ember.Core.Machines.Loop`2.Halt()2 shapes, 450 bytes", browser.Texts("details.group > summary"));
        browser.Click("section:nth-of-type(2) details.group > summary");
        browser.Click("section:nth-of-type(2) details tr:nth-child(2) a");
        AssertSymbol("Ember.Core.Machines.Loop<Vmx, Int32>.Halt()");
        Assert.Equal(
            ["Bytes", "Shapes of this generic", "Methods with the same code"], browser.Texts("main caption"));
    }

    [Fact]
    public void A_diff_is_a_list_and_colours_the_map()
    {
        Open(_report, "#tab=diff");
        Assert.Equal("Against release 1", browser.Text("h2"));
        Assert.Contains(
            "Ember.Core.Startup.EntryPoint.EfiMain(Void*)was Ember.Core.Old.Main(Void*)", browser.Texts("tbody td:nth-child(2)"));
        Assert.Contains("GrownEmber.Core.Machines.Machine.Run()C# code500900+400", browser.Texts("tbody tr"));
        browser.Click(".ways a");
        browser.Get("input[value=change]:checked");
        Assert.Contains("▲ Run()900", browser.Texts(".tile.change-Grown"));
        Assert.Contains("▼ Step(VmExit&)600", browser.Texts(".tile.change-Shrunk"));
        Assert.Equal(["Ember.Core.Old.Gone() 333 bytes"], browser.Texts(".removed li"));
        Assert.NotEqual(Colour(".tile.change-Grown"), Colour(".tile.change-Shrunk"));
        Assert.NotEqual(Colour(".tile.change-Grown"), Colour(".tile.change-none"));
    }

    [Fact]
    public void The_history_is_a_curve_and_a_table()
    {
        Open(_report, "#tab=history");
        Assert.Equal(2, browser.Texts("svg circle.trend-file").Count);
        Assert.Equal($"bbbb2222: File {Text(_report.Root.Sizes.File)} bytes", browser.Texts("svg circle.trend-file title")[1]);
        Assert.StartsWith("bbbb2222", browser.Texts("tbody tr")[0], StringComparison.Ordinal);
        Assert.EndsWith($"+{Text(_report.Root.Sizes.File - 2000)}", browser.Texts("tbody tr")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_leads_to_its_instruction()
    {
        Open(_report, "#tab=audit");
        Assert.Equal(["✗ Violated", "✓ Passed", "✗ Violated"], browser.Texts(".badge"));
        Assert.Equal("✗ Violated 1 of 2 rules are proven of every function of this core.", browser.Text("main > p"));
        browser.Click(".rule:nth-of-type(1) summary");
        Assert.Equal(["Ember.Core.Machines.Machine.Run()", "calls 3"], browser.Texts(".rule[open]:nth-of-type(1) td"));
        browser.Click(".rule:nth-of-type(2) tbody a.code");
        AssertSymbol("Ember.Core.Machines.Machine.Step(VmExit&)");
        Assert.EndsWith(
            "call Ember.Platform.Text.LineBuffer.Append(Byte)", browser.Texts(".line.target").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_core_itself_is_shown_with_its_machine_code_and_its_audit()
    {
        FootprintTarget core = FootprintTarget.Open(ReferenceBuild.Folder.Image);
        FootprintReport report = new FootprintAnalysis { Target = core, Audit = core.Audit() }.Report();
        Open(report, "#symbol=Ember_Core_Ember_Core_Startup_EntryPoint__EfiMain");
        AssertSymbol("Ember.Core.Startup.EntryPoint.EfiMain(Void*, EfiSystemTable*)");
        Assert.Contains(browser.Texts(".line"), line => line.EndsWith("SystemConsole.WriteLine(ReadOnlySpan<Byte>)", StringComparison.Ordinal));
        browser.Click("#tab-table");
        Assert.Equal(new FileInfo(ReferenceBuild.Folder.Image).Length, Number(browser.Texts(".tree .total td")[2]));
        browser.Click("#tab-audit");
        Assert.Equal(Enumerable.Repeat("✓ Passed", 9), browser.Texts(".badge"));
    }

    [Theory]
    [InlineData("#tab=map&colour=change")]
    [InlineData("#tab=map&colour=namespace&zoom=/Ember.Core/%3Cscript%3Ewindow.harmed=1%3C/script%3E")]
    [InlineData("#tab=table")]
    [InlineData("#tab=symbol")]
    [InlineData("#tab=duplicates")]
    [InlineData("#tab=diff")]
    [InlineData("#tab=history")]
    [InlineData("#tab=audit")]
    [InlineData("#symbol=<script>window.harmed=7</script>")]
    [InlineData("#tab=<img src=x onerror=window.harmed=8>&at=zzz&column=<b>")]
    public void Names_that_mean_harm_are_text(string hash)
    {
        Open(SampleReports.Hostile(), hash);
        browser.Get("main:not(:empty)");
        browser.Evaluate("""
            document.querySelectorAll('details').forEach(one => { one.open = true; });
            document.querySelector('.bar button')?.click();
            """);

        const string Harmful = "main :is(script, img, iframe, b b), main [onclick], main [onerror]";
        Assert.Equal(0L, browser.Evaluate($"return document.querySelectorAll('{Harmful}').length"));
        Assert.Equal(2L, browser.Evaluate("return document.querySelectorAll('script').length"));
        Assert.Equal("undefined", browser.Evaluate("return typeof window.harmed"));
        string text = (string)browser.Evaluate("return document.body.innerText")!;
        Assert.Contains("⟨U+202E⟩", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(HiddenCharacter(), text);
    }

    [Fact]
    public void Every_hostile_symbol_opens_by_its_link()
    {
        Open(SampleReports.Hostile(), "#tab=symbol");
        int links = browser.Texts("tbody a").Count;
        Assert.Equal(2 * SampleReports.HostileNames.Count, links);
        for (int i = 0; i < links; i++)
        {
            string name = browser.Texts("tbody a")[i];
            browser.Evaluate("document.querySelectorAll('tbody a')[arguments[0]].click()", i);
            Assert.Equal(name, browser.Texts(".symbol-head h2")[0]);
            browser.Back();
            browser.Get("main:not(:has(.symbol-head))");
        }
    }

    [Fact]
    public void A_reference_to_what_is_no_symbol_is_shown_and_leads_nowhere()
    {
        SymbolReport run = _report.Symbols.Single(report => report.Symbol.Source.Member == "Run()");
        SymbolReport odd = run with { Dominator = "firmware", Path = ["reset", run.Symbol.Name] };
        Open(
            _report with { Symbols = [.. _report.Symbols.Select(report => report == run ? odd : report)] }, $"#symbol={run.Symbol.Name}");
        Assert.Equal("firmware", browser.Text(".dominator"));
        Assert.Equal(["reset", "Ember.Core.Machines.Machine.Run()"], browser.Texts(".path li"));
        Assert.Equal(0L, browser.Evaluate("return document.querySelectorAll('.dominator a, .path a').length"));
    }

    [Fact]
    public void A_damaged_page_says_so()
    {
        _page = browser.Write(_report);
        string text = File.ReadAllText(_page);
        int start = text.IndexOf("id=\"report\">", StringComparison.Ordinal) + 1000;
        File.WriteAllText(_page, string.Concat(text.AsSpan(0, start), text[start] == 'A' ? "B" : "A", text.AsSpan(start + 1)));
        browser.Open(_page);
        Assert.Contains("is damaged", browser.Text("#message:not([hidden])"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_cut_in_its_report_says_that_it_cannot_be_shown()
    {
        _page = browser.Write(_report);
        string text = File.ReadAllText(_page);
        File.WriteAllText(_page, text[..(text.IndexOf("id=\"report\">", StringComparison.Ordinal) + 1000)]);
        browser.Open(_page);
        Assert.Contains("This page shows its report with JavaScript", browser.Text("#message:not([hidden])"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_browser_that_cannot_inflate_is_told_so()
    {
        using IDisposable old = browser.Before("delete window.DecompressionStream");
        Open(_report);
        Assert.Contains("no DecompressionStream", browser.Text("#message:not([hidden])"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#tab=map")]
    [InlineData("#tab=table")]
    [InlineData("#symbol=Ember_Core_Machines_Machine__Step(VmExit&)")]
    [InlineData("#tab=duplicates")]
    [InlineData("#tab=diff")]
    [InlineData("#tab=history")]
    [InlineData("#tab=audit")]
    public void Nothing_is_wider_than_a_telephone(string hash)
    {
        using IDisposable telephone = browser.Telephone();
        Open(_report, hash);
        browser.Get("main:not(:empty)");
        Assert.Equal(390L, browser.Evaluate("return document.documentElement.scrollWidth"));
    }

    [Fact]
    public void A_core_of_256_KiB_is_shown_and_searched()
    {
        FootprintReport large = SampleReports.Large();
        Open(large);
        Assert.Equal(large.Root.Sizes.File, Number(browser.Text("#subject .total")));
        browser.Press("#search", "Member2399");
        browser.Press("#search", Keys.Enter);
        AssertSymbol("Ember.Core.Part39.Type299.Member2399(UInt64, Byte*)");
        Assert.Equal(large.Listings[^1].Lines.Count, browser.Texts(".listing .line").Count);
        Assert.EndsWith(large.Listings[^1].Lines[^1].Text, browser.Texts(".listing .line")[^1], StringComparison.Ordinal);
    }

    private void Open(FootprintReport report, string hash = "")
    {
        _page = browser.Write(report);
        browser.Open(_page, hash);
        browser.Get("body");
    }

    private void AssertSymbol(string name) => Assert.Equal(name, browser.Text($"main.view-symbol .symbol-head[data-name='{name}'] h2"));

    /// <summary>Clicks where people do: on the text.</summary>
    private void ClickTile(string text) => Tile(".tile:not(.group)", text).FindElement(By.CssSelector(".label")).Click();

    private void ClickHeader(string text) => Tile(".tile.group", text).FindElement(By.CssSelector(".label")).Click();

    private IWebElement Tile(string selector, string text)
    {
        browser.Get(selector);
        return (IWebElement)browser.Evaluate(
            "return [...document.querySelectorAll(arguments[0])].find(tile => tile.textContent.startsWith(arguments[1]))", selector, text)!;
    }

    private string[] Names(string level) => [.. browser.Texts($".tree tr[aria-level='{level}'] td:first-child bdi")];

    private string Colour(string selector) => browser.Get(selector).GetCssValue("background-color");

    private static string Map(string row, string column = "File") => $".map[aria-label='Treemap of {row} by {column}']";

    private static FootprintNode Row(FootprintNode node, string name) => node.Children.Single(child => child.Name == name);

    private static string Text(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    private static string Share(long part, long whole) => (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture) + " %";

    private static long Number(string text) =>
        long.Parse(text.Replace(" bytes", "", StringComparison.Ordinal), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex("[\\x00-\\x08\\x0b-\\x1f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")]
    private static partial Regex HiddenCharacter();
}
