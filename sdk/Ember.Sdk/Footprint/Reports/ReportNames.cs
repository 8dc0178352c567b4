using System;
using System.Text.Json;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>How reports for programs spell the values of enumerations: <c>flashFile</c>.</summary>
internal static class ReportNames
{
    /// <summary>The name of a value; empty for none.</summary>
    public static string Of<TEnum>(TEnum? value)
        where TEnum : struct, Enum => value is { } some ? JsonNamingPolicy.CamelCase.ConvertName(some.ToString()) : "";
}
