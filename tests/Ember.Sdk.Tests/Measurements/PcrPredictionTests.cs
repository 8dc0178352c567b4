using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Measurements;

namespace Ember.Sdk.Tests.Measurements;

public sealed class PcrPredictionTests
{
    [Fact]
    public void The_plans_register_is_the_hash_of_zeros_and_the_plans_hash()
    {
        PcrPrediction plan = Predict("1.0", "the plan")[1];

        // python3: sha256(bytes(32) + sha256(b'the plan').digest()).hexdigest()
        Assert.Equal("ff38251bf265a31ee45d375eb6655c13451d0f8c5b46f1eadb9a22b983e4314b", plan.Value);
        Assert.Equal($"PCR 12 sha256 {plan.Value} (ember: appliance.plan)", plan.ToString());
    }

    [Theory]
    [InlineData("1.1", "the plan", new uint[] { 11 })]
    [InlineData("1.0", "another plan", new uint[] { 11, 12 })]
    [InlineData("1.0", "the plan", new uint[0])]
    public void A_changed_version_changes_one_register_and_a_changed_plan_both(string version, string plan, uint[] changed)
    {
        IReadOnlyList<PcrPrediction> before = Predict("1.0", "the plan");
        Assert.Equal(changed, before.Zip(Predict(version, plan)).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Index));
    }

    [Fact]
    public void What_is_no_manifest_is_refused()
    {
        EmberException refused = Assert.Throws<EmberException>(() => PcrPrediction.Of(new byte[100]));
        Assert.Equal(ErrorKind.Checked, refused.Kind);
        Assert.StartsWith("bank.manifest: ", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<PcrPrediction> Predict(string version, string plan) => PcrPrediction.Of(BankManifestWriter.Write(
        new BankDescription("Example", "Edge", version, 1, IsTestKey: false),
        [
            new BankItem(BankNames.Core, BankFileKind.Core, ContentDigest.Of("the core"u8)),
            new BankItem(BankNames.Plan, BankFileKind.Plan, ContentDigest.Of(Encoding.ASCII.GetBytes(plan))),
        ]));
}
