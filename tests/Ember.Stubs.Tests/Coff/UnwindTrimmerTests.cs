using System;
using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Ember.Stubs.Coff;

namespace Ember.Stubs.Tests.Coff;

public sealed class UnwindTrimmerTests
{
    private const int Header = 20;
    private const int Section = 40;

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 0x00, 0x10, 0x20 }, 4)]
    [InlineData(new byte[] { 1, 5, 1, 0, 1, 0x30, 0, 0, 0x00, 0x10 }, 8)]
    [InlineData(new byte[] { 1, 5, 2, 0, 1, 0x30, 0, 0x50, 0x00, 0x10 }, 8)]
    [InlineData(new byte[] { 1, 5, 2, 0, 1, 0x30, 0, 0x50 }, 8)]
    public void What_lies_behind_the_description_of_a_frame_is_left_out(byte[] description, uint length)
    {
        byte[] file = ObjectFile(".xdata", description);
        int saved = UnwindTrimmer.Trim(file);
        Assert.Equal((description.Length - (int)length, length), (saved, SizeOf(file)));
    }

    [Fact]
    public void Other_sections_stay()
    {
        byte[] file = ObjectFile(".rdata", [1, 0, 0, 0, 9, 9, 9]);
        Assert.Equal(0, UnwindTrimmer.Trim(file));
        Assert.Equal(7u, SizeOf(file));
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0, 0, 1, 2, 3, 4, 0 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 9, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    public void A_description_of_another_kind_is_refused(byte[] description) =>
        Assert.Throws<FormatException>(() => UnwindTrimmer.Trim(ObjectFile(".xdata", description)));

    [Fact]
    public void A_file_cut_off_is_refused_and_none_is_read_beyond()
    {
        byte[] file = ObjectFile(".xdata", [1, 0, 0, 0, 0x00, 0x10, 0x20]);
        Gen.Int[0, file.Length - 1].Sample(length => Assert.Throws<FormatException>(() => UnwindTrimmer.Trim(file.AsSpan(0, length))));
    }

    private static uint SizeOf(byte[] file) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(Header + 16));

    private static byte[] ObjectFile(string section, byte[] content)
    {
        byte[] file = new byte[Header + Section + content.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(file, 0x8664);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(2), 1);
        Encoding.ASCII.GetBytes(section, file.AsSpan(Header));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Header + 16), content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(Header + 20), Header + Section);
        content.CopyTo(file, Header + Section);
        return file;
    }
}
