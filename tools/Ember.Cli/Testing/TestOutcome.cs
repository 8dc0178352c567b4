namespace Ember.Cli.Testing;

/// <summary>How one test ended.</summary>
internal enum TestOutcome
{
    /// <summary>It did what it should.</summary>
    Passed,

    /// <summary>It did not.</summary>
    Failed,

    /// <summary>It was not run.</summary>
    Skipped,
}
