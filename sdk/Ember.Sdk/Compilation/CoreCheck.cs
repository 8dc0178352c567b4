using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Budgets;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Compilation;

/// <summary>What a compiled core has to pass before an image is made of it.</summary>
internal static class CoreCheck
{
    private const int MostShown = 5;

    /// <summary>Holds a core against the audit's rules and a manifest's budgets.</summary>
    /// <param name="core">The core.</param>
    /// <param name="budget">The budgets.</param>
    /// <returns>What was found, a few words.</returns>
    /// <exception cref="EmberException">A rule does not hold, or a budget is exceeded (exit code 1).</exception>
    public static string Run(CoreFiles core, ManifestBudget budget)
    {
        FootprintTarget target = FootprintTarget.Open(core.Efi);
        AuditReport audit = target.Audit();
        CheckRules(core.Efi, audit);
        if (BudgetCheck.Run(budget, target.Snapshot()) is [BudgetExcess first, ..] excesses)
        {
            throw excesses.Count == 1
                ? first.ToException()
                : new EmberException(ErrorKind.Checked, string.Join('\n', excesses.Select(excess => excess.Message)));
        }

        string limit = budget.Core is { } most ? string.Create(CultureInfo.InvariantCulture, $" of {most.Bytes:N0}") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{target.Core.Bytes.Length:N0}{limit} bytes, {audit.Rules.Count} rules proven");
    }

    private static void CheckRules(string efi, AuditReport audit)
    {
        if (audit.Passed)
        {
            return;
        }

        string[] violations = [.. audit.Rules.SelectMany(rule => rule.Violations.Select(violation => string.Create(
            CultureInfo.InvariantCulture, $"rule {rule.Number}, {rule.Title}: at {violation.Rva:X} in {violation.Function}: {violation.What}")))];
        IEnumerable<string> shown = violations.Take(MostShown);
        string more = violations.Length > MostShown ? $"\n(and {violations.Length - MostShown} more; see 'ember audit {efi}')" : "";
        throw new EmberException(
            ErrorKind.Checked, $"{efi}: the audit found what must not be; sdk/docs/assurance.md tells the rules:\n{string.Join('\n', shown)}{more}");
    }
}
