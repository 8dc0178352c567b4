using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Verification.Contents;

namespace Ember.Sdk.Verification;

/// <summary>What an image holds, and what is wrong with it.</summary>
/// <param name="Contents">What it holds.</param>
/// <param name="Findings">What is wrong, errors before warnings.</param>
public sealed record VerificationReport(ImageContents Contents, IReadOnlyList<Finding> Findings)
{
    /// <summary>How many findings are errors.</summary>
    public int Errors => Findings.Count(finding => finding.Severity == FindingSeverity.Error);

    /// <summary>How many findings are warnings.</summary>
    public int Warnings => Findings.Count - Errors;
}
