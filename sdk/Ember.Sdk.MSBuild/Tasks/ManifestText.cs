using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>Writes the manifest of an appliance that is a project: the same keys, from properties and items.</summary>
/// <param name="folder">The project's folder, which its paths are relative to.</param>
/// <param name="destination">The manifest's folder, which the manifest's paths are relative to: where the project lies must not show in an
/// image.</param>
internal sealed class ManifestText(string folder, string destination)
{
    private const string Debian = "debian:";
    private const string Busybox = "busybox:";

    // Metadata that MSBuild itself gives an item when it comes from a glob or a project that was imported.
    private static readonly string[] _ownMetadata = ["OriginalItemSpec", "MSBuildSourceProjectFile", "MSBuildSourceTargetName"];
    private static readonly string[] _numbers = ["cpus", "weight", "cap"];

    private readonly StringBuilder _text = new("# Written by the build from the project; change that instead.\n");

    /// <summary>The manifest.</summary>
    /// <param name="keys">Keys as <c>table.key</c>, with metadata Value and Kind; those without a value are left out.</param>
    /// <param name="machines">The virtual machines: their metadata are the keys of [[vm]] in Pascal case.</param>
    /// <param name="payloads">More files for them, with metadata VirtualMachine, Role and Text.</param>
    /// <exception cref="EmberException">A payload is for no machine, or for no purpose (exit code 2).</exception>
    public string Write(IReadOnlyList<ITaskItem> keys, IReadOnlyList<ITaskItem> machines, IReadOnlyList<ITaskItem> payloads)
    {
        WriteTables(keys);
        foreach (ITaskItem payload in payloads)
        {
            string owner = payload.GetMetadata("VirtualMachine");
            if (machines.All(machine => machine.ItemSpec != owner))
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"payload '{payload.ItemSpec}': no virtual machine '{owner}'; set VirtualMachine to one of "
                    + string.Join(", ", machines.Select(machine => machine.ItemSpec)));
            }
        }

        foreach (ITaskItem machine in machines)
        {
            WriteMachine(machine, [.. payloads.Where(payload => payload.GetMetadata("VirtualMachine") == machine.ItemSpec)]);
        }

        return _text.ToString();
    }

    private void WriteTables(IReadOnlyList<ITaskItem> keys)
    {
        string table = "";
        foreach (ITaskItem key in keys.Where(key => key.GetMetadata("Value").Length != 0))
        {
            int dot = key.ItemSpec.LastIndexOf('.');
            if (key.ItemSpec[..dot] != table)
            {
                table = key.ItemSpec[..dot];
                _text.Append(CultureInfo.InvariantCulture, $"\n[{table}]\n");
            }

            string value = key.GetMetadata("Value");
            WriteLine(key.ItemSpec[(dot + 1)..], key.GetMetadata("Kind") switch
            {
                "number" => Number(value),
                "path" => PathOf(value),
                _ => Quote(value),
            });
        }
    }

    private void WriteMachine(ITaskItem machine, IReadOnlyList<ITaskItem> payloads)
    {
        _text.Append("\n[[vm]]\n");
        WriteLine("name", Quote(machine.ItemSpec));
        foreach (string name in machine.CloneCustomMetadata().Keys.Cast<string>().Except(_ownMetadata).Order(StringComparer.Ordinal))
        {
            string key = SnakeCase(name);
            if (machine.GetMetadata(name) is { Length: > 0 } value)
            {
                WriteLine(key, key switch
                {
                    "kernel" or "initrd" => Source(value),
                    "pin" => $"[{string.Join(", ", value.Split(';', StringSplitOptions.TrimEntries).Select(Number))}]",
                    "start" when bool.TryParse(value, out bool starts) => starts ? "true" : "false",
                    _ when _numbers.Contains(key) => Number(value),
                    _ => Quote(value),
                });
            }
        }

        WritePayloads(payloads);
    }

    private void WritePayloads(IReadOnlyList<ITaskItem> payloads)
    {
        List<string> modules = [];
        foreach (ITaskItem payload in payloads)
        {
            switch (payload.GetMetadata("Role"))
            {
                case "kernel" or "initrd":
                    WriteLine(payload.GetMetadata("Role"), Source(payload.ItemSpec));
                    break;
                case "module" or "":
                    modules.Add($"{{ file = {PathOf(payload.ItemSpec)}, text = {Quote(payload.GetMetadata("Text"))} }}");
                    break;
                case string role:
                    throw new EmberException(
                        ErrorKind.Input, $"payload '{payload.ItemSpec}': Role '{role}' is unknown; known are kernel, initrd, module");
            }
        }

        if (modules.Count != 0)
        {
            WriteLine("modules", $"[{string.Join(", ", modules)}]");
        }
    }

    private void WriteLine(string key, string value) => _text.Append(CultureInfo.InvariantCulture, $"{key} = {value}\n");

    private string Source(string value) =>
        value.StartsWith(Debian, StringComparison.Ordinal) ? $"{{ debian = {Quote(value[Debian.Length..])} }}"
        : value.StartsWith(Busybox, StringComparison.Ordinal) ? $"{{ busybox = {PathOf(value[Busybox.Length..])} }}"
        : PathOf(value);

    private string PathOf(string path) =>
        Quote(Path.IsPathRooted(path) ? path : Path.GetRelativePath(destination, Path.GetFullPath(path, folder)));

    // What is no number is for whoever reads the manifest to refuse: that message names the key.
    private static string Number(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number.ToString(CultureInfo.InvariantCulture)
            : Quote(value);

    private static string Quote(string value)
    {
        StringBuilder text = new("\"");
        foreach (char character in value)
        {
            _ = character is '"' or '\\' ? text.Append('\\').Append(character)
                : char.IsControl(character) ? text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}")
                : text.Append(character);
        }

        return text.Append('"').ToString();
    }

    private static string SnakeCase(string name) => string.Concat(name.Select((character, index) =>
        char.IsAsciiLetterUpper(character) ? (index == 0 ? "" : "_") + char.ToLowerInvariant(character) : character.ToString()));
}
