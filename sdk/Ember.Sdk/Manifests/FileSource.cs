namespace Ember.Sdk.Manifests;

/// <summary>A file of the vendor's.</summary>
/// <param name="Position">The line that says so.</param>
/// <param name="Owner">Whose payload it is.</param>
/// <param name="File">Its full path; it was there when the manifest was read.</param>
public sealed record FileSource(ManifestPosition Position, string Owner, string File) : PayloadSource(Position, Owner)
{
    /// <inheritdoc/>
    public override string Identity => $"file {File}";
}
