using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;
using Ember.Sdk.Measurements;

namespace Ember.Loader.Tests;

public sealed unsafe class MeasurementTests
{
    private const string Done = "TPM: bank.manifest measured into PCR 11, appliance.plan into PCR 12";
    private const string Failed = "TPM: it takes no measurement: PCR 11 and 12 do not tell of this start";

    private readonly Dictionary<string, byte[]> _bank = SignedBank.Of("1.0.0");

    [Fact]
    public void Manifest_and_plan_are_measured_with_the_texts_and_digests_that_were_predicted()
    {
        FakeTpmState tpm = new();
        Assert.Equal(Done, Measure(tpm));
        Assert.Equal([_bank["bank.manifest"], _bank["appliance.plan"]], tpm.Events.Select(measured => measured.Data));
        Assert.Equal([(11u, 13u), (12u, 13u)], tpm.Events.Select(measured => (measured.Register, measured.Type)));
        Assert.Equal(
            PcrPrediction.Of(_bank["bank.manifest"]).Select(pcr => (pcr.Index, pcr.Event + '\0', pcr.Digest, pcr.Value)),
            tpm.Events.Select(measured => (
                measured.Register,
                measured.Text,
                Convert.ToHexStringLower(SHA256.HashData(measured.Data)),
                Convert.ToHexStringLower(SHA256.HashData([.. new byte[32], .. SHA256.HashData(measured.Data)])))));
    }

    [Fact]
    public void Without_a_TPM_nothing_is_measured_and_nothing_said()
    {
        FakeTpmState[] machines = [new() { HasProtocol = false }, new() { HasTpm = false }];
        Assert.All(machines, tpm =>
        {
            Assert.Equal("", Measure(tpm));
            Assert.Empty(tpm.Events);
        });
    }

    [Theory]
    [InlineData(11u)]
    [InlineData(12u)]
    public void A_measurement_that_fails_is_said_and_the_other_one_made(uint register)
    {
        FakeTpmState tpm = new() { FailingRegister = register };
        Assert.Equal(Failed, Measure(tpm));
        Assert.Equal(23u - register, Assert.Single(tpm.Events).Register);
    }

    [Fact]
    public void A_log_that_is_full_is_no_failure()
    {
        FakeTpmState tpm = new() { LogIsFull = true };
        Assert.Equal(Done, Measure(tpm));
        Assert.Equal(2, tpm.Events.Count);
    }

    private string Measure(FakeTpmState tpm)
    {
        string said = "";
        byte[] bytes = _bank["bank.manifest"];
        byte[] plan = _bank["appliance.plan"];
        FakeTpm.Use(tpm, services =>
        {
            fixed (byte* manifestAddress = bytes, planAddress = plan)
            {
                HandOver handOver = default;
                handOver.Manifest = manifestAddress;
                handOver.ManifestLength = (ulong)bytes.Length;
                Assert.Equal(BankManifestStatus.Good, BankManifest.TryRead(bytes, out BankManifest manifest));
                handOver.Files[manifest.Find(BankFileKind.Plan)] = (nuint)planAddress;
                said = Encoding.ASCII.GetString(Measurement.Run((EfiBootServices*)services, in manifest, &handOver));
            }
        });
        return said;
    }
}
