using System.Buffers.Binary;

namespace Ember.Stubs.Coff;

/// <summary>
/// Shortens the compiler's descriptions of stack frames to what describes stack frames. Behind each (Microsoft x64 exception handling,
/// UNWIND_INFO) ilc puts what a garbage collector and exceptions would want to know about the method; the core has neither.
/// </summary>
public static class UnwindTrimmer
{
    private const string UnwindSection = ".xdata";
    private const int FileHeaderSize = 20;
    private const int SectionHeaderSize = 40;
    private const int HeaderSize = 4;
    private const int CodeSize = 2;
    private const byte KnownVersion = 1;

    /// <summary>Shortens the sections of an object file in place: their bytes stay, the linker takes fewer.</summary>
    /// <param name="file">The object file.</param>
    /// <returns>The bytes that the linker takes no more.</returns>
    /// <exception cref="FormatException">It is no object file, or describes frames in another way.</exception>
    public static int Trim(Span<byte> file)
    {
        if (file.Length < FileHeaderSize)
        {
            throw new FormatException("no object file: it is shorter than a header");
        }

        int sections = BinaryPrimitives.ReadUInt16LittleEndian(file[2..]);
        int first = FileHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(file[16..]);
        if (file.Length < first + (sections * SectionHeaderSize))
        {
            throw new FormatException("no object file: its section headers are cut off");
        }

        int saved = 0;
        for (int i = 0; i < sections; i++)
        {
            Span<byte> header = file.Slice(first + (i * SectionHeaderSize), SectionHeaderSize);
            if (header[..8].SequenceEqual(".xdata\0\0"u8))
            {
                saved += Trim(file, header);
            }
        }

        return saved;
    }

    private static int Trim(Span<byte> file, Span<byte> header)
    {
        Span<byte> size = header.Slice(16, sizeof(uint));
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(size);
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        if (length < HeaderSize || start > file.Length || length > file.Length - start)
        {
            throw new FormatException($"a section {UnwindSection} lies outside the file");
        }

        // Version in the lower three bits, flags above: the core has no handlers and no chained descriptions.
        ReadOnlySpan<byte> description = file.Slice((int)start, (int)length);
        int trimmed = HeaderSize + (CodeSize * ((description[2] + 1) & ~1));
        if (description[0] != KnownVersion || trimmed > length)
        {
            throw new FormatException($"a section {UnwindSection} describes a frame with a handler, or in another version");
        }

        BinaryPrimitives.WriteInt32LittleEndian(size, trimmed);
        return (int)length - trimmed;
    }
}
