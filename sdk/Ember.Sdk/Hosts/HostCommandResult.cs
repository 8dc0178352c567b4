namespace Ember.Sdk.Hosts;

/// <summary>What a host program said and how it ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Everything it wrote to standard output.</param>
/// <param name="Error">Everything it wrote to standard error.</param>
public sealed record HostCommandResult(int ExitCode, string Output, string Error);
