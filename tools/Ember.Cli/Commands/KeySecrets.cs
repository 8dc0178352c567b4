using System;
using Ember.Sdk.Signing;

namespace Ember.Cli.Commands;

/// <summary>Passwords and PINs: from the environment, where a build server has them, or from whoever sits at the terminal. Never from
/// the command line, which every user of the host can read.</summary>
internal static class KeySecrets
{
    /// <summary>The password of a key file; null where it is neither in the environment nor anybody there.</summary>
    public static string? Password(CliHost host, string path) =>
        Environment.GetEnvironmentVariable(SigningKeys.PasswordVariable) ?? host.AskSecret($"password of {path}");
}
