namespace Ember.Core.Machines;

/// <summary>A file that a guest's kernel finds in its memory.</summary>
public unsafe struct BootModule
{
    /// <summary>The file, in the host's memory.</summary>
    public byte* Content;

    /// <summary>Bytes at <see cref="Content"/>; 0 for no file.</summary>
    public ulong Length;

    /// <summary>What the kernel is told of it, ASCII without a terminating zero.</summary>
    public byte* Text;

    /// <summary>Bytes at <see cref="Text"/>, at most 2047.</summary>
    public int TextLength;

    /// <summary>Where the loader has put it, guest-physical.</summary>
    public uint Address;
}
