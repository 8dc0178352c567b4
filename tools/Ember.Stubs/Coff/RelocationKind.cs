namespace Ember.Stubs.Coff;

/// <summary>How a place refers to a symbol (PE/COFF specification, section 5.2.1, the x64 processors).</summary>
public enum RelocationKind : ushort
{
    /// <summary>IMAGE_REL_AMD64_ADDR64: eight bytes that hold the symbol's address.</summary>
    Address = 1,

    /// <summary>IMAGE_REL_AMD64_REL32: four bytes that hold the distance from the next instruction.</summary>
    Distance = 4,
}
