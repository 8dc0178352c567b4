using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Images.Containers;

/// <summary>A form in which an image is handed out.</summary>
/// <param name="Name">Its name, for example <c>img.zst</c>.</param>
/// <param name="Containers">What the image is made into for it; none for the image itself.</param>
public sealed record ImageFormat(string Name, IReadOnlyList<IImageContainer> Containers)
{
    /// <summary>The image itself, as a medium holds it.</summary>
    public static ImageFormat Raw { get; } = new("img", []);

    /// <summary>Every form there is.</summary>
    public static IReadOnlyList<ImageFormat> All { get; } =
    [
        Raw,
        new ImageFormat("img.zst", [new ZstdContainer(), new BmapContainer()]),
        new ImageFormat("qcow2", [new Qcow2Container()]),
        new ImageFormat("vhd", [new VhdContainer()]),
        new ImageFormat("iso", [new IsoContainer()]),
    ];

    /// <summary>Reads a list such as <c>img,img.zst</c>.</summary>
    /// <returns>Each form once, in the order of <see cref="All"/>.</returns>
    /// <exception cref="EmberException">One is unknown (exit code 2).</exception>
    public static IReadOnlyList<ImageFormat> ParseList(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        string[] names = list.Split(',', StringSplitOptions.TrimEntries);
        string? unknown = names.FirstOrDefault(name => All.All(format => format.Name != name));
        return unknown is null
            ? [.. All.Where(format => names.Contains(format.Name))]
            : throw new EmberException(
                ErrorKind.Input, $"'{unknown}' is no format of an image; there are {string.Join(", ", All.Select(format => format.Name))}");
    }
}
