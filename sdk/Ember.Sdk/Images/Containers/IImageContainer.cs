using System;
using System.Threading;

namespace Ember.Sdk.Images.Containers;

/// <summary>Something that a finished image is made into. The same image gives the same bytes, wherever it has holes.</summary>
public interface IImageContainer
{
    /// <summary>What its file's name has instead of the image's <c>.img</c>, for example <c>.img.zst</c>.</summary>
    string Suffix { get; }

    /// <summary>Writes the file, which appears whole or not at all.</summary>
    /// <param name="image">The image.</param>
    /// <param name="outputPath">Where it goes. Its folder is made if there is none, a file of that name replaced.</param>
    /// <param name="progress">Told how many bytes of the image are done, of its length.</param>
    /// <param name="cancellationToken">Stops the writing, and nothing remains.</param>
    /// <exception cref="EmberException">The image cannot be read or is not in order, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    void Write(SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default);
}
