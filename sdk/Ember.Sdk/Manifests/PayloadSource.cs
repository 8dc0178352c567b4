namespace Ember.Sdk.Manifests;

/// <summary>Where a payload comes from.</summary>
/// <param name="Position">The line that says so.</param>
/// <param name="Owner">Whose payload it is, for messages: <c>vm 'web': kernel</c>.</param>
public abstract record PayloadSource(ManifestPosition Position, string Owner)
{
    /// <summary>What is the same for two sources that give the same bytes.</summary>
    public abstract string Identity { get; }

    /// <summary>The failure to tell about this source: <c>file:line: vm 'web': kernel: message</c>, exit code 2.</summary>
    public EmberException Error(string message) => Position.Error($"{Owner} {message}");
}
