using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests.Tpm;

/// <summary>What the application of <c>tests/TpmReader</c> has said of a machine's TPM.</summary>
/// <param name="Registers">The SHA-256 registers, in lower-case hexadecimal.</param>
/// <param name="Log">The firmware's event log.</param>
internal sealed record TpmContents(IReadOnlyList<string> Registers, IReadOnlyList<EventLogEntry> Log)
{
    private const string Mark = "reader: ";

    /// <summary>The application, to be a bank's core.</summary>
    public static string Application(Repository repository) =>
        Path.Combine(repository.Artifacts, "bin", "Ember.TpmReader", "release_net10.0-ember1.0", "loader.efi");

    /// <summary>Boots a machine until the application has said everything.</summary>
    public static async Task<TpmContents> ReadAsync(BootRun run)
    {
        await run.ExpectEndAsync(MachineEnd.PoweredOff);
        string[] said =
        [
            .. run.Machine.Serial.Lines.Select(line => line.Text)
                .Where(line => line.StartsWith(Mark, StringComparison.Ordinal))
                .Select(line => line[Mark.Length..].Trim()),
        ];
        Assert.Equal("tpm: done", said.LastOrDefault());
        string[] registers = [.. After("pcr ").Select((line, i) => line[$"{i} ".Length..])];
        Assert.All(registers, value => Assert.Equal(64, value.Length));
        int last = int.Parse(After("last entry at ").Single(), CultureInfo.InvariantCulture);
        return new TpmContents(registers, EventLogEntry.Read(Convert.FromHexString(string.Concat(After("log "))), last));

        IEnumerable<string> After(string name) =>
            said.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[name.Length..]);
    }
}
