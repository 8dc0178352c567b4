using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

/// <summary>Logs of machines: seconds, a space, the line.</summary>
internal static class RecordedLog
{
    public const string Complete = """
        0.900 BdsDxe: loading Boot0001 "UEFI QEMU QEMU USB HARDDRIVE"
        3.000 ember: Ember USB key 0.1.0
        3.010 ember: [1/5] firmware OVMF
        3.100 ember: appliance.plan verified: Ember USB key 0.1.0
        3.400 ember: vmlinuz verified, 14.2 MB
        3.500 ember: initrd verified
        3.600 ember: [5/5] starting
        3.750 ember: vm linux running
        4.000 [    0.000000] Linux version 6.1.0
        6.150 ember: vm linux: boot timer 1 at 2.345 s
        6.200 hello from user space
        6.500 ember: vm linux powered off
        6.510 ember: powering off
        """;

    public static IReadOnlyList<SerialLine> Read(string text) =>
        [.. text.Split('\n').Select(line => line.Split(' ', 2)).Select(parts =>
            new SerialLine(TimeSpan.FromSeconds(double.Parse(parts[0], CultureInfo.InvariantCulture)), parts[1]))];

    /// <summary>The complete log up to, without, the first line that contains <paramref name="text"/>.</summary>
    public static IReadOnlyList<SerialLine> Before(string text) =>
        [.. Read(Complete).TakeWhile(line => !line.Text.Contains(text, StringComparison.Ordinal))];
}
