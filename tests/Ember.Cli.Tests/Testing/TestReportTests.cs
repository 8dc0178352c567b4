using System.Collections.Generic;
using Ember.Cli.Commands;
using Ember.Cli.Testing;

namespace Ember.Cli.Tests.Testing;

public sealed class TestReportTests
{
    private const string Report = """
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testName="A.Works" outcome="Passed"><Output><StdOut>noise</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="A.Fails(x: 1)" outcome="Failed">
              <Output>
                <StdOut>what it wrote</StdOut>
                <ErrorInfo><Message>1 is not 2</Message><StackTrace>at A.Fails</StackTrace></ErrorInfo>
              </Output>
            </UnitTestResult>
            <UnitTestResult testName="A.Later" outcome="NotExecuted" />
            <UnitTestResult testName="A.Hangs" outcome="Timeout" />
          </Results>
        </TestRun>
        """;

    [Fact]
    public void Outcomes_and_the_whole_of_a_failure_are_read()
    {
        using TemporaryFolder folder = new();
        IReadOnlyList<TestResult> results = TestReport.Read(folder.Write("report.trx", Report));
        Assert.Equal(
            [
                new TestResult("A.Works", TestOutcome.Passed, ""),
                new TestResult("A.Fails(x: 1)", TestOutcome.Failed, "1 is not 2\nat A.Fails\nwhat it wrote"),
                new TestResult("A.Later", TestOutcome.Skipped, ""),
                new TestResult("A.Hangs", TestOutcome.Failed, ""),
            ],
            results);
        Assert.Equal("1 passed, 2 failed, 1 skipped", TestCommand.Count(results));
    }

    [Fact]
    public void Skipped_tests_are_not_mentioned_when_there_are_none()
    {
        Assert.Equal("0 passed, 0 failed", TestCommand.Count([]));
    }
}
