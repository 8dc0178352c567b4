namespace Ember.Sdk.Pe;

/// <summary>A row of the exception table: which code an unwind description holds for (PE/COFF specification, section 5.5).</summary>
/// <param name="Begin">RVA of the first byte of the code.</param>
/// <param name="End">RVA behind its last byte.</param>
/// <param name="UnwindInfo">RVA of the description.</param>
public readonly record struct RuntimeFunction(uint Begin, uint End, uint UnwindInfo)
{
    /// <summary>Bytes of a row.</summary>
    public const int Size = 12;
}
