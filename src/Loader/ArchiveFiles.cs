using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Banks;

namespace Ember.Loader;

/// <summary>The files of the bank in the loader's own image, which came over a network. They are used where they lie.</summary>
internal readonly unsafe struct ArchiveFiles
{
    private readonly byte* _section;
    private readonly int _length;

    /// <param name="section">The section <see cref="BankArchive.SectionName"/>.</param>
    public ArchiveFiles(ReadOnlySpan<byte> section)
    {
        _section = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(section));
        _length = section.Length;
    }

    /// <summary>Whether there is a section.</summary>
    public bool IsThere => _section != null;

    /// <summary>Finds a file.</summary>
    /// <param name="name">ASCII.</param>
    /// <param name="longest">A longer one is not taken.</param>
    /// <param name="address">Where it lies.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Empty, or what is wrong, to follow the file's name.</returns>
    public ReadOnlySpan<byte> Load(ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        if (!BankArchive.TryRead(new ReadOnlySpan<byte>(_section, _length), out BankArchive archive)
            || !archive.TryFind(name, out ReadOnlySpan<byte> content))
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        address = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(content));
        length = (ulong)content.Length;
        return default;
    }
}
