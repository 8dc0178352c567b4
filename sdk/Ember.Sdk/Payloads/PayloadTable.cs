using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Ember.Formats.Fields;
using Ember.Formats.Plans;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Payloads;

/// <summary>The payloads of an appliance while they are collected: each source once, each name once.</summary>
internal sealed class PayloadTable
{
    private const int LongestName = 47;

    private readonly List<PayloadFile> _files = [];
    private readonly Dictionary<string, int> _sources = [];

    /// <summary>What has been collected.</summary>
    public IReadOnlyList<PayloadFile> Files => _files;

    /// <summary>The index of a source's payload, null when it is not there yet.</summary>
    public int? Find(PayloadSource source) => _sources.TryGetValue(source.Identity, out int index) ? index : null;

    /// <summary>Adds a source's payload.</summary>
    /// <param name="source">The source.</param>
    /// <param name="machine">The machine that needs it first; its name goes in front if the file's own name is taken.</param>
    /// <param name="located">The payload's file on the host, and what it is made of.</param>
    /// <returns>Its index.</returns>
    /// <exception cref="EmberException">It has no content, or a name that cannot stand on the key (exit code 2).</exception>
    public int Add(PayloadSource source, string machine, (string Path, PayloadInputs Inputs) located)
    {
        string path = located.Path;
        if (_files.Count == PlanHeader.MaximumCount)
        {
            throw source.Error($"is one payload too many; {PlanHeader.MaximumCount} different files is the most");
        }

        string name = ChooseName(source, machine, Path.GetFileName(path));
        ContentDigest digest = Read(source, () => ContentDigest.OfFile(path));
        if (digest.Length is 0 or > (long)PlanPayload.MaximumLength)
        {
            throw source.Error($"'{name}' has {digest.Length} bytes; 1 to {PlanPayload.MaximumLength} are possible");
        }

        _sources.Add(source.Identity, _files.Count);
        _files.Add(new PayloadFile(name, path, digest, located.Inputs));
        return _files.Count - 1;
    }

    /// <summary>Reads something a source names, telling failures about the source.</summary>
    public static T Read<T>(PayloadSource source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw source.Error($"cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads something a source names, telling failures about the source.</summary>
    public static async Task<T> ReadAsync<T>(PayloadSource source, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw source.Error($"cannot be read: {e.Message}");
        }
    }

    private string ChooseName(PayloadSource source, string machine, string name)
    {
        if (IsTaken(name))
        {
            name = $"{machine}-{name}";
        }

        if (name.Length > LongestName)
        {
            throw source.Error($"'{name}' is a name of {name.Length} characters; {LongestName} is the most on the key");
        }

        if (name.Any(character => !char.IsAscii(character)) || !FieldText.IsFileName(Encoding.ASCII.GetBytes(name)))
        {
            throw source.Error($"'{name}' cannot be a file's name on the key; use letters, digits, '-', '_' and '.'");
        }

        return IsTaken(name) ? throw source.Error($"'{name}' is the name of another file on the key; rename one") : name;
    }

    // FAT does not tell upper case from lower.
    private bool IsTaken(string name) =>
        new[] { BankNames.Plan, BankNames.Core, BankNames.Manifest, BankNames.Signature, BankNames.UpdateAddress, BankNames.Logo }
            .Contains(name, StringComparer.OrdinalIgnoreCase)
        || _files.Any(file => file.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
