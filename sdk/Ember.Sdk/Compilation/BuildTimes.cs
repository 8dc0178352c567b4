using System;

namespace Ember.Sdk.Compilation;

/// <summary>How long the parts of a build took.</summary>
/// <param name="Core">Compiling the core.</param>
/// <param name="Check">Auditing the core and holding it against budgets.</param>
/// <param name="Payloads">Fetching and building payloads, and writing the plan.</param>
/// <param name="Signing">Signing loader, core and bank, and writing the file for network boot, signed.</param>
/// <param name="Image">Writing the image.</param>
/// <param name="Total">All of it.</param>
public sealed record BuildTimes(TimeSpan Core, TimeSpan Check, TimeSpan Payloads, TimeSpan Signing, TimeSpan Image, TimeSpan Total);
