using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Signing.Offline;

namespace Ember.Sdk.Compilation;

/// <summary>Builds an appliance whose keys are elsewhere, in rounds: what has to be signed is written, somebody signs it, and the same
/// build goes on with the signatures. What comes out in the end is to the byte what a build with the keys gives.</summary>
/// <param name="keys">The keys' certificates.</param>
/// <param name="prepare">Prepares the build of a variant with these keys, in these forms, at this SOURCE_DATE_EPOCH.</param>
public sealed class OfflineBuild(OfflineKeys keys, Func<SigningList, ApplianceBuild> prepare)
{
    /// <summary>Begins: writes what the first round has to sign.</summary>
    /// <param name="list">How to build; without requests.</param>
    /// <param name="imageFolder">As for <see cref="ApplianceBuild.RunAsync"/>.</param>
    /// <param name="destination">As for <see cref="ApplianceBuild.RunAsync"/>; it holds nothing but <see cref="SigningFolder"/>.</param>
    /// <param name="cancellation">As for <see cref="ApplianceBuild.RunAsync"/>.</param>
    /// <exception cref="EmberException">As for <see cref="ApplianceBuild.RunAsync"/>.</exception>
    public async Task<OfflineResult> StartAsync(
        SigningList list, string imageFolder, string destination, CancellationToken cancellation = default)
    {
        BuildResult? built = await prepare(list).TryRunAsync(imageFolder, destination, cancellation);
        return new OfflineResult(
            built, built is null ? SigningFolder.Write(destination, Listed(list), keys.Requests, keys.Signatures) : null);
    }

    /// <summary>Goes on with signatures.</summary>
    /// <param name="attached">The folder with the signatures of this round.</param>
    /// <param name="imageFolder">As for <see cref="StartAsync"/>.</param>
    /// <param name="destination">As for <see cref="StartAsync"/>.</param>
    /// <param name="cancellation">As for <see cref="StartAsync"/>.</param>
    /// <exception cref="EmberException">A signature is missing or wrong, or the build is not the one that was begun (exit code 2); or as
    /// for <see cref="StartAsync"/>. The output folder is as it was.</exception>
    public Task<OfflineResult> AttachAsync(
        string attached, string imageFolder, string destination, CancellationToken cancellation = default)
    {
        SigningFolder folder = SigningFolder.Read(destination);
        keys.Attach(folder, attached);
        return StartAsync(folder.List, imageFolder, destination, cancellation);
    }

    private SigningList Listed(SigningList list) => list with
    {
        Requests =
        [
            .. keys.Requests.Select(request => new ListedRequest(
                request.Name, Convert.ToHexStringLower(request.Digest), ListedKey.Of(keys.CertificateFor(request.Name)))),
        ],
    };
}
