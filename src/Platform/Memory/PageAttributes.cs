using System;

namespace Ember.Platform.Memory;

/// <summary>What a mapping allows and how it is cached. Everything mapped can be read.</summary>
[Flags]
public enum PageAttributes
{
    None = 0,
    Write = 1,
    Execute = 2,

    /// <summary>Reachable with user privilege: nested page tables need it, because every guest access is a user access there.</summary>
    User = 4,

    /// <summary>Device registers.</summary>
    Uncached = 8,

    /// <summary>Frame buffers; needs <see cref="PageTables.PageAttributeTable"/> in the PAT MSR.</summary>
    WriteCombining = 16,
}
