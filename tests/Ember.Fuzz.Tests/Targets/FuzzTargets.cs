using System.Collections.Generic;
using System.Linq;
using Ember.Fuzz.Tests.Engine;

namespace Ember.Fuzz.Tests.Targets;

/// <summary>Every reader that the loader's way to a core goes through.</summary>
internal static class FuzzTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new ManifestTarget(), new SignatureTarget(), new KeyTarget(), new StateTarget(), new PlanTarget(), new ArchiveTarget(),
        new BundleTarget(), new InstallTarget(), new UpdateTarget(), new SelectionTarget(), new SectionsTarget(), new VersionsTarget(),
        new KernelTarget(), new PartitionsTarget(), new LogoTarget(),
    ];

    /// <summary>The one of a name.</summary>
    public static FuzzTarget Of(string name) => All.Single(target => target.Name == name);
}
