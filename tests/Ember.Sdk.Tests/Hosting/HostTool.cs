using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Ember.Sdk.Tests.Hosting;

/// <summary>
/// A program of the host that serves as an oracle. A test fails where it is missing: an oracle left out proves nothing.
/// </summary>
internal static class HostTool
{
    private static string[] Folders { get; } =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    /// <summary>Runs a program to its end.</summary>
    /// <param name="package">The Debian package it is in, for the message if it is missing.</param>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it said on both outputs, and its exit code.</returns>
    public static (string Text, int ExitCode) Run(string package, string program, params string[] arguments)
    {
        string path = Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists) ?? program;
        ProcessStartInfo start = new(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["MTOOLSRC"] = "/dev/null";
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (output + errors.Result, process.ExitCode);
        }
        catch (Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"'{program}' is missing, and this test compares with it: apt-get install {package}", exception);
        }
    }
}
