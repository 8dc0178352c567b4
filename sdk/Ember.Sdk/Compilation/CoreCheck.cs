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
    /// <exception cref="EmberException">A rule does not hold, or a budget is exceeded (exit code 1).</exception>
    public static void Run(CoreFiles core, ManifestBudget budget)
    {
        FootprintTarget target = FootprintTarget.Open(core.Efi);
        CheckRules(core.Efi, target.Audit());
        if (BudgetCheck.Run(budget, target.Snapshot()) is [BudgetExcess first, ..] excesses)
        {
            throw excesses.Count == 1
                ? first.ToException()
                : new EmberException(ErrorKind.Checked, string.Join('\n', excesses.Select(excess => excess.Message)));
        }
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
