namespace Ember.Sdk.Pe;

/// <summary>A section of an image (PE/COFF specification, section 4).</summary>
/// <param name="Name">Its name, <c>.text</c> for example.</param>
/// <param name="Rva">Where it is loaded, in bytes from the image's base.</param>
/// <param name="VirtualSize">Its bytes in memory; what the file does not hold of them is zero.</param>
/// <param name="FileOffset">Where its bytes lie in the file.</param>
/// <param name="FileSize">Its bytes in the file, a multiple of the file alignment.</param>
/// <param name="IsExecutable">True: code may run in it.</param>
/// <param name="IsWritable">True: it may be written to.</param>
public sealed record PeSection(
    string Name, uint Rva, uint VirtualSize, uint FileOffset, uint FileSize, bool IsExecutable, bool IsWritable)
{
    /// <summary>Whether <paramref name="rva"/> lies in the section.</summary>
    public bool Contains(uint rva) => rva >= Rva && rva - Rva < VirtualSize;
}
