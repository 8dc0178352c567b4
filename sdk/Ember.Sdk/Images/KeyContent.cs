using System;
using System.Collections.Generic;

namespace Ember.Sdk.Images;

/// <summary>What goes on a key.</summary>
public sealed record KeyContent
{
    /// <summary>What the image is called, for example the appliance's name.</summary>
    public required string Name { get; init; }

    /// <summary>What firmware starts.</summary>
    public required ReadOnlyMemory<byte> Loader { get; init; }

    /// <summary>The files of the first bank, which lie in its root.</summary>
    public required IReadOnlyList<ImageFile> BankA { get; init; }

    /// <summary>The files of the second bank.</summary>
    public required IReadOnlyList<ImageFile> BankB { get; init; }

    /// <summary>What the state partition begins with.</summary>
    public required ReadOnlyMemory<byte> State { get; init; }

    /// <summary>Volume label of the EFI system partition.</summary>
    public string Label { get; init; } = "EMBER";

    /// <summary>SOURCE_DATE_EPOCH, seconds since 1970: the time of every file and folder.</summary>
    public long SourceDateEpoch { get; init; }
}
