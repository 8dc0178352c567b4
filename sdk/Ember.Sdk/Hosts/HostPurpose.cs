using System;

namespace Ember.Sdk.Hosts;

/// <summary>What a host program or file is needed for.</summary>
[Flags]
public enum HostPurpose
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Compiling the core and writing images.</summary>
    Build = 1,

    /// <summary>Booting an image in a machine that QEMU emulates.</summary>
    Run = 2,

    /// <summary>Comparing Ember's own formats with independent programs.</summary>
    Test = 4,

    /// <summary>Booting an image in a machine that Bochs emulates.</summary>
    RunBochs = 8,
}
