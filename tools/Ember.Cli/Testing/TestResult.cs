namespace Ember.Cli.Testing;

/// <summary>One test and how it ended.</summary>
/// <param name="Name">Its full name, with its arguments.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">Why it failed, with where and what it wrote; empty when it passed.</param>
internal sealed record TestResult(string Name, TestOutcome Outcome, string Message);
