using System.Text.Json;

namespace Ember.Sdk.Audit;

/// <summary>An audit for programs.</summary>
public static class AuditJson
{
    /// <summary>Writes the audit as one object.</summary>
    public static void Write(Utf8JsonWriter json, AuditReport report)
    {
        json.WriteStartObject();
        json.WriteBoolean("passed", report.Passed);
        json.WriteStartArray("rules");
        foreach (AuditRuleResult rule in report.Rules)
        {
            json.WriteStartObject();
            json.WriteNumber("number", rule.Number);
            json.WriteString("title", rule.Title);
            json.WriteBoolean("passed", rule.Violations.Count == 0);
            json.WriteString("summary", rule.Summary);
            json.WriteStartArray("violations");
            foreach (AuditViolation violation in rule.Violations)
            {
                json.WriteStartObject();
                json.WriteNumber("rva", violation.Rva);
                json.WriteString("function", violation.Function);
                json.WriteString("what", violation.What);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("evidence");
            foreach (AuditEvidence evidence in rule.Evidence)
            {
                json.WriteStartObject();
                json.WriteString("function", evidence.Function);
                json.WriteString("detail", evidence.Detail);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
