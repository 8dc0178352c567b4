using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Payloads;

/// <summary>A Debian package in the cache.</summary>
/// <param name="Name">Its name; for a package that only named the newest kernel, the kernel's.</param>
/// <param name="Version">Its version.</param>
/// <param name="File">Full path of the .deb.</param>
/// <param name="Sha256">SHA-256 of the .deb, in lower-case hexadecimal digits.</param>
/// <param name="Architecture">What it runs on: <c>amd64</c> or <c>all</c>.</param>
/// <param name="Source">The source package it was built of, as its field Source has it; empty when that is named like the package.</param>
/// <param name="BuiltUsing">The field Built-Using (Debian Policy 7.8): source packages whose code is in it too; empty for none.</param>
public sealed record DebianPackage(
    string Name, string Version, string File, string Sha256, string Architecture, string Source = "", string BuiltUsing = "")
{
    /// <summary>Every source package whose code is in this one, its own first: name and version.</summary>
    public IReadOnlyList<(string Name, string Version)> Sources =>
    [
        Parse(Source.Length == 0 ? Name : Source),
        .. BuiltUsing.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse),
    ];

    private (string Name, string Version) Parse(string text)
    {
        string[] parts = text.Split([' ', '(', ')', '='], StringSplitOptions.RemoveEmptyEntries);
        return (parts.Length > 0 ? parts[0] : Name, parts.Length > 1 ? parts[1] : Version);
    }
}
