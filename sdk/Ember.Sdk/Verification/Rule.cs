namespace Ember.Sdk.Verification;

/// <summary>Something that must hold of an image.</summary>
/// <param name="Id">Its name, which stays: for example <c>GPT-04</c>.</param>
/// <param name="Severity">How serious it is when it does not hold.</param>
/// <param name="Holds">What must hold, one sentence without a full stop.</param>
/// <param name="Remedy">How to mend it when it does not.</param>
public sealed record Rule(string Id, FindingSeverity Severity, string Holds, string Remedy)
{
    private const string WriteAnew = "write the image anew";

    internal static Rule Error(string id, string holds, string remedy = WriteAnew) => new(id, FindingSeverity.Error, holds, remedy);

    internal static Rule Warning(string id, string holds, string remedy = WriteAnew) => new(id, FindingSeverity.Warning, holds, remedy);
}
