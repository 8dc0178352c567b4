using System.Diagnostics.CodeAnalysis;

namespace Ember.Sdk;

/// <summary>Whose fault a failure is. The values are the exit codes of the command line; 0 is success and so not here.</summary>
[SuppressMessage("Design", "CA1008:Enums should have zero value", Justification = "Zero is the exit code of success.")]
public enum ErrorKind
{
    /// <summary>The thing that was checked is bad: a test failed, an image is damaged, a guest never got there.</summary>
    Checked = 1,

    /// <summary>The command or its input is wrong: a manifest, a file it names, an option.</summary>
    Input = 2,

    /// <summary>The host lacks something: a tool, a package, disk space, permission to write.</summary>
    Host = 3,
}
