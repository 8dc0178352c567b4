using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace Ember.Cli.Testing;

/// <summary>Reads the report that the test platform writes (TRX, an XML format).</summary>
internal static class TestReport
{
    private static readonly XNamespace _trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private static readonly string[] _messageParts = ["Message", "StackTrace", "StdOut", "StdErr"];

    /// <summary>The results in the report <paramref name="path"/>.</summary>
    public static IReadOnlyList<TestResult> Read(string path) =>
        [.. XDocument.Load(path).Descendants(_trx + "UnitTestResult").Select(Read)];

    private static TestResult Read(XElement result)
    {
        TestOutcome outcome = result.Attribute("outcome")?.Value switch
        {
            "Passed" => TestOutcome.Passed,
            "NotExecuted" => TestOutcome.Skipped,
            _ => TestOutcome.Failed,
        };
        IEnumerable<string> parts = _messageParts
            .SelectMany(name => result.Descendants(_trx + name))
            .Select(element => element.Value.Trim());
        string message = outcome == TestOutcome.Passed ? "" : string.Join('\n', parts);
        return new TestResult(result.Attribute("testName")?.Value ?? "", outcome, message);
    }
}
