using System;

namespace Ember.Sdk;

/// <summary>A failure to make or to check an image, its three parts kept apart so that a program can use them too.</summary>
/// <param name="kind">Whose fault it is.</param>
/// <param name="where">The image, partition, or path on the file system that is concerned.</param>
/// <param name="what">What is wrong there.</param>
/// <param name="remedy">How to mend it.</param>
/// <param name="innerException">What the system reported, if that is where it began.</param>
public sealed class ImageException(
    ErrorKind kind, string where, string what, string remedy, Exception? innerException = null)
    : EmberException(kind, $"{where}: {what}; {remedy}", innerException)
{
    /// <summary>The image, partition, or path on the file system that is concerned.</summary>
    public string Where { get; } = where;

    /// <summary>What is wrong there.</summary>
    public string What { get; } = what;

    /// <summary>How to mend it.</summary>
    public string Remedy { get; } = remedy;
}
