namespace Ember.Sdk.Manifests;

/// <summary>The kernel in a Debian package.</summary>
/// <param name="Position">The line that says so.</param>
/// <param name="Owner">Whose payload it is.</param>
/// <param name="Package">The package's name; it may be one that only names the newest kernel.</param>
public sealed record DebianSource(ManifestPosition Position, string Owner, string Package) : PayloadSource(Position, Owner)
{
    /// <inheritdoc/>
    public override string Identity => $"debian {Package}";
}
