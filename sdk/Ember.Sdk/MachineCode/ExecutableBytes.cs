using System;
using Ember.Sdk.Pe;
using Iced.Intel;

namespace Ember.Sdk.MachineCode;

/// <summary>An executable section, and which of its bytes are known to be which part of an instruction.</summary>
internal sealed class ExecutableBytes
{
    private const byte Start = 1;
    private const byte Inside = 2;

    private readonly byte[] _bytes;
    private readonly byte[] _marks;
    private readonly ByteArrayCodeReader _reader;
    private readonly Decoder _decoder;

    /// <summary>Takes what the file holds of <paramref name="section"/>, also what lies in its last page behind its end.</summary>
    public ExecutableBytes(PeImage image, PeSection section)
    {
        Section = section;
        _bytes = image.Bytes.AsSpan().Slice((int)section.FileOffset, (int)section.FileSize).ToArray();
        _marks = new byte[_bytes.Length];
        _reader = new ByteArrayCodeReader(_bytes);
        _decoder = Decoder.Create(64, _reader, DecoderOptions.AMD);
    }

    public PeSection Section { get; }

    /// <summary>RVA behind the last byte that the file holds and the section counts as its own.</summary>
    public uint End => Section.Rva + Math.Min(Section.VirtualSize, Section.FileSize);

    public ReadOnlySpan<byte> Bytes => _bytes;

    public bool Contains(uint rva) => rva >= Section.Rva && rva < End;

    public bool IsStart(uint rva) => _marks[rva - Section.Rva] == Start;

    public bool IsInside(uint rva) => _marks[rva - Section.Rva] == Inside;

    /// <summary>Decodes the instruction at <paramref name="rva"/>, whether or not control reaches it.</summary>
    public Instruction Decode(uint rva)
    {
        _reader.Position = (int)(rva - Section.Rva);
        _decoder.IP = rva;
        return _decoder.Decode();
    }

    /// <summary>Whether none of an instruction's bytes is part of one that is reached.</summary>
    public bool IsFree(in Instruction instruction) => !Marks(in instruction).ContainsAnyExcept((byte)0);

    /// <summary>Marks an instruction as reached; false if some of its bytes belong to another one already.</summary>
    public bool TryMark(in Instruction instruction)
    {
        if (!IsFree(in instruction))
        {
            return false;
        }

        Span<byte> marks = Marks(in instruction);
        marks.Fill(Inside);
        marks[0] = Start;
        return true;
    }

    private Span<byte> Marks(in Instruction instruction) =>
        _marks.AsSpan((int)(instruction.IP - Section.Rva), instruction.Length);
}
