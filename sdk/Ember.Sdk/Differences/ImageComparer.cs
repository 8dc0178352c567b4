using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Ember.Sdk.Differences;

/// <summary>Tells what differs between two images: which files, which bytes of them, and why.</summary>
public static class ImageComparer
{
    /// <summary>Compares two images.</summary>
    /// <param name="before">The first one's path.</param>
    /// <param name="after">The second one's path.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="EmberException">An image cannot be read (exit code 2), or is too damaged to find its files (1).</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static ImageDifference Compare(
        string before, string after, Action<string>? progress = null, CancellationToken cancellation = default)
    {
        progress?.Invoke($"reading {before}");
        using ComparedImage first = ComparedImage.Open(before, cancellation);
        progress?.Invoke($"reading {after}");
        using ComparedImage second = ComparedImage.Open(after, cancellation);
        progress?.Invoke("comparing files");
        List<FileDifference> files =
        [
            .. first.Partitions.Concat(second.Partitions)
                .Select(partition => partition.Name)
                .Distinct()
                .SelectMany(partition => FileComparison.Run(first, second, partition, cancellation)),
        ];
        List<ValueDifference> values = ImageFacts.Compare(first.Contents, second.Contents);
        if (!AreaComparison.IsPossible(first, second))
        {
            return new ImageDifference(null, values, files, []);
        }

        progress?.Invoke("comparing bytes");
        (long differentBytes, IReadOnlyList<AreaDifference> areas) = AreaComparison.Run(first, second, cancellation);
        return new ImageDifference(differentBytes, values, files, areas);
    }
}
