namespace Ember.Sdk.Hosts;

/// <summary>A Debian package that some part of Ember needs on the host.</summary>
/// <param name="Name">The package's name, as apt-get takes it.</param>
/// <param name="Why">What Ember does with it.</param>
/// <param name="Proof">What proves that it is there: a program's name, or an absolute path of a file.</param>
/// <param name="Purpose">When it is needed.</param>
public sealed record HostPackage(string Name, string Why, string Proof, HostPurpose Purpose)
{
    /// <summary>True when <paramref name="host"/> has what the package brings, from wherever it came.</summary>
    public bool IsPresent(HostSystem host) =>
        (Proof.StartsWith('/') ? host.FindFile(Proof) : host.FindProgram(Proof)) is not null;
}
