using System;
using System.IO;
using Ember.Cli.Terminals;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Cli;

/// <summary>What surrounds a run of the <c>ember</c> command; tests put another one in its place.</summary>
/// <param name="system">The host's programs and files.</param>
/// <param name="output">Takes what the command is asked for.</param>
/// <param name="error">Takes errors, progress, and everything else that is not the answer itself.</param>
/// <param name="currentDirectory">What relative paths count from.</param>
public sealed class CliHost(HostSystem system, TextWriter output, TextWriter error, string currentDirectory)
{
    /// <summary>The host's programs and files.</summary>
    public HostSystem System { get; } = system;

    /// <summary>Takes what the command is asked for.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Takes errors, progress, and everything else that is not the answer itself.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>True when a person looks on: both writers are a terminal.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Takes what a machine sends, as bytes, beside <see cref="Output"/>; tests take it elsewhere.</summary>
    public Func<Stream> OpenOutput { get; init; } = Console.OpenStandardOutput;

    /// <summary>Takes what a machine sends, as bytes, beside <see cref="Error"/>.</summary>
    public Func<Stream> OpenError { get; init; } = Console.OpenStandardError;

    /// <summary>Some folder inside the checkout of Ember that the command works with.</summary>
    public string RepositoryFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Asks a person for something that must not be seen, by its name; null where nobody is there to ask.</summary>
    public Func<string, string?> AskSecret { get; init; } = SecretPrompt.Read;

    /// <summary>Asks a person for a line; null where nobody is there to ask.</summary>
    public Func<string, string?> Ask { get; init; } = LinePrompt.Read;

    /// <summary>The folder that stands for <c>/</c> where the kernel is asked which devices there are.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>Times runs.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The checkout of Ember that the command works with.</summary>
    /// <exception cref="Sdk.EmberException">There is none.</exception>
    public Repository Repository => Repository.Containing(RepositoryFolder);

    /// <summary>The full path of <paramref name="path"/> as given on the command line.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, currentDirectory);

    /// <summary>Where the appliance in <paramref name="imageFolder"/> is built, unless the command names another place.</summary>
    /// <param name="imageFolder">The appliance's folder.</param>
    /// <param name="variant">Added to the name when the image is not the one to ship.</param>
    public BuildFolder UsualOutput(string imageFolder, string variant = "") =>
        new(Path.Combine(Repository.Output, Path.GetFileName(Path.TrimEndingDirectorySeparator(imageFolder)) + variant));

    /// <summary>Tells a person what is going on.</summary>
    public void Report(string line) => Error.WriteLine($"ember: {line}");
}
