namespace Ember.Sdk.Manifests;

/// <summary>A line of a manifest, for messages.</summary>
/// <param name="File">The manifest's path as it was given.</param>
/// <param name="Line">From 1.</param>
public readonly record struct ManifestPosition(string File, int Line)
{
    /// <summary>The failure to tell about what stands there: <c>file:line: message</c>, exit code 2.</summary>
    public EmberException Error(string message) => new(ErrorKind.Input, $"{this}: {message}");

    /// <summary><c>file:line</c>.</summary>
    public override string ToString() => $"{File}:{Line}";
}
