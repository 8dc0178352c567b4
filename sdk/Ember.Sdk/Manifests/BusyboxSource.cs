namespace Ember.Sdk.Manifests;

/// <summary>An initial RAM disk made of Debian's static busybox and a script.</summary>
/// <param name="Position">The line that says so.</param>
/// <param name="Owner">Whose payload it is.</param>
/// <param name="Script">Full path of the script that becomes <c>/init</c>; it was there when the manifest was read.</param>
public sealed record BusyboxSource(ManifestPosition Position, string Owner, string Script) : PayloadSource(Position, Owner)
{
    /// <inheritdoc/>
    public override string Identity => $"busybox {Script}";
}
