using System.Collections.Generic;

namespace Ember.Sdk.Images.Containers;

/// <summary>Everything that an image can be made into.</summary>
public static class ImageContainers
{
    /// <summary>Each of them once.</summary>
    public static IReadOnlyList<IImageContainer> All { get; } =
        [new ZstdContainer(), new BmapContainer(), new Qcow2Container(), new VhdContainer(), new IsoContainer()];
}
