using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>An update that the loader fetches from a server with the firmware's own HTTP boot.</summary>
[Trait("Category", "Slow")]
public sealed class NetworkUpdateTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string Table = "\n[update]\naddress = \"http://192.0.2.1/\"\n";

    [Fact]
    public async Task An_appliance_updates_itself_from_a_server_once()
    {
        BuildResult older = await fixture.BuildReferenceWithAsync("served-old", Table);
        BuildResult newer = await fixture.BuildReferenceAsync(
            "served-new", manifest => manifest.Replace("version = \"0.1.0\"", "version = \"0.2.0\"", StringComparison.Ordinal) + Table);
        string folder = Path.Combine(fixture.Folder, "served");
        using (BundleFile bundle = BundleFile.Open(newer.Folder.Bundle))
        {
            ServedUpdate.Write(bundle, folder);
        }

        await using HttpServer server = await HttpServer.StartAsync(fixture.Repository, folder);
        MachineOptions options = new(older.Folder.Image)
        {
            Network = server.Network,
            Variables = Path.Combine(fixture.Folder, "served.fd"),
            WritesImage = true,
        };
        await BootRun.InAsync(fixture.Repository, options, "served", async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            RequireSaid(run, "ember: bank A 0.1.0 verified");
            RequireSaid(run, "ember: network: asking http://192.0.2.1/");
            RequireSaid(run, "ember: network: writing bank B: version 0.2.0");
            RequireSaid(run, "ember: network: 50 %");
            RequireSaid(run, "ember: network: written and read back; it is tried now");
            RequireSaid(run, "ember: bank B 0.2.0 verified");
            RequireSaid(run, "guest: user space reached");
            RequireSaid(run, "ember: this start is confirmed: the bank is good");
        });
        await BootRun.InAsync(fixture.Repository, options, "served-again", async run =>
        {
            await run.ExpectAsync("ember: bank B: confirmed: ");
            await run.ExpectAsync("ember: network: nothing to be done: it is on the key");
            await run.ExpectAsync("ember: [2/4] ");
        });
        string[] head = ["HEAD /update.head.efi", "GET /update.head.efi"];
        IReadOnlyList<string> asked = await server.StopAsync();
        Assert.Equal([.. head, "HEAD /update.efi", "GET /update.efi", .. head], asked);
        BankState state = KeyState.Read(older.Folder.Image);
        Assert.Equal((BankSlot.B, BankCondition.Good, BankCondition.Good), (state.Preferred, state.A.Condition, state.B.Condition));
    }

    private static void RequireSaid(BootRun run, string start) =>
        Assert.True(
            run.Said(line => line.StartsWith(start, StringComparison.Ordinal)), $"'{start}' is missing:\n{run.Machine.Serial.Text}");
}
