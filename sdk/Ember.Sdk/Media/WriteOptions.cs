using System;

namespace Ember.Sdk.Media;

/// <summary>How a key is written.</summary>
public sealed record WriteOptions
{
    /// <summary>Read the medium first and write only blocks that differ.</summary>
    public bool ChangedOnly { get; init; }

    /// <summary>First fill the whole medium with marks and read them back, to find out whether it is as large as it says.</summary>
    public bool CheckCapacity { get; init; }

    /// <summary>Is told how far it has come, often.</summary>
    public Action<MediumProgress>? Progress { get; init; }
}
