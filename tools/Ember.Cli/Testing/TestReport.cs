using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;

namespace Ember.Cli.Testing;

/// <summary>Reads the report that the test platform writes (TRX, an XML format).</summary>
internal static class TestReport
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    private static readonly string[] MessageParts = ["Message", "StackTrace", "StdOut", "StdErr"];

    /// <summary>The results in the report <paramref name="path"/>.</summary>
    public static IReadOnlyList<TestResult> Read(string path) =>
        [.. XDocument.Load(path).Descendants(Trx + "UnitTestResult").Select(Read)];

    private static TestResult Read(XElement result)
    {
        TestOutcome outcome = result.Attribute("outcome")?.Value switch
        {
            "Passed" => TestOutcome.Passed,
            "NotExecuted" => TestOutcome.Skipped,
            _ => TestOutcome.Failed,
        };
        IEnumerable<string> parts = MessageParts
            .SelectMany(name => result.Descendants(Trx + name))
            .Select(element => element.Value.Trim());
        string message = outcome == TestOutcome.Passed ? "" : string.Join('\n', parts);
        return new TestResult(result.Attribute("testName")?.Value ?? "", outcome, message);
    }
}
