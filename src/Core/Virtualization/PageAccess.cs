using System;

namespace Ember.Core.Virtualization;

/// <summary>What a translation is for, in the bits of the page-fault error code (AMD APM volume 2, 8.4.2).</summary>
[Flags]
public enum PageAccess : byte
{
    /// <summary>A supervisor's data read.</summary>
    Read = 0,

    /// <summary>A data write, R/W.</summary>
    Write = 1 << 1,

    /// <summary>By code at privilege level 3, U/S.</summary>
    User = 1 << 2,

    /// <summary>An instruction fetch, I/D.</summary>
    Fetch = 1 << 4,
}
