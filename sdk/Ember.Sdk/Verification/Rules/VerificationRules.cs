using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Ember.Sdk.Verification.Rules;

/// <summary>All rules there are.</summary>
public static class VerificationRules
{
    private static readonly Type[] _tables = [typeof(ImageRules), typeof(TableRules), typeof(FatRules), typeof(BankRules)];

    /// <summary>Every rule, as the tables of them have it.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. _tables.SelectMany(table => table.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field =>
            (Rule)field.GetValue(null)!),
    ];
}
