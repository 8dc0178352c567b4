using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ember.Sdk.Footprint.Html;

namespace Ember.Sdk.Tests.Footprint.Html;

public sealed partial class FootprintPageTests
{
    [Fact]
    public void The_same_report_gives_the_same_page() =>
        Assert.Equal(FootprintPage.Render(SampleReports.Small()), FootprintPage.Render(SampleReports.Small()));

    [Fact]
    public void A_page_of_a_core_of_256_KiB_is_a_megabyte_at_most()
    {
        Assert.InRange(SampleReports.Large().Root.Sizes.File, 256 << 10, 300 << 10);
        Assert.InRange(FootprintPage.Render(SampleReports.Large()).Length, 1, 1_000_000);
    }

    [Fact]
    public void The_page_allows_its_own_style_and_script_and_nothing_else()
    {
        string page = Encoding.UTF8.GetString(FootprintPage.Render(SampleReports.Small()));
        string policy = Policy().Match(page).Groups[1].Value;
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{Digest(Style().Match(page))}'; script-src 'sha256-{Digest(Script().Match(page))}'; "
            + "base-uri 'none'; form-action 'none'",
            policy);
        Assert.DoesNotContain("innerHTML", page, StringComparison.Ordinal);
        Assert.DoesNotContain("eval(", page, StringComparison.Ordinal);
        Assert.Equal(["http://www.w3.org/2000/svg"], Address().Matches(page).Select(match => match.Value));
    }

    [Fact]
    public void Names_are_in_the_page_only_deflated()
    {
        string page = Encoding.UTF8.GetString(FootprintPage.Render(SampleReports.Hostile()));
        Assert.All(
            SampleReports.HostileNames.Where(name => name.Length > 1),
            name => Assert.DoesNotContain(name, page, StringComparison.Ordinal));
        Assert.Equal(2, Regex.Count(page, "</script>"));
    }

    private static string Digest(Match element) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(element.Groups[1].Value)));

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<script type=\"module\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("https?://[^\"' ]*")]
    private static partial Regex Address();
}
