using System;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Pe;

public sealed class PeSectionsTests
{
    private readonly PeImage _core = PeImage.Read(ReferenceBuild.Core);

    [Fact]
    public void A_section_is_filled_and_nothing_else_changes()
    {
        PeSection section = _core.Sections.Single(each => each.Name == ".data");
        byte[] filled = PeSections.Fill(_core, ".data", [1, 2, 3]);

        byte[] expected = [.. _core.Bytes];
        expected.AsSpan((int)section.FileOffset, (int)section.FileSize).Clear();
        ((ReadOnlySpan<byte>)[1, 2, 3]).CopyTo(expected.AsSpan((int)section.FileOffset));
        Assert.Equal(expected, filled);
        Assert.True(PeImage.Parse("filled.efi", filled).At(section.Rva, 3).SequenceEqual((ReadOnlySpan<byte>)[1, 2, 3]));
    }

    [Fact]
    public void A_section_takes_what_fits_and_not_one_byte_more()
    {
        PeSection section = _core.Sections.Single(each => each.Name == ".symtab");
        int room = (int)Math.Min(section.FileSize, section.VirtualSize);

        PeSections.Fill(_core, ".symtab", new byte[room]);
        Refused($"core.efi: section .symtab has room for {room} bytes, not for {room + 1}", [.. _core.Bytes], ".symtab", room + 1);
    }

    [Fact]
    public void What_cannot_be_filled_is_refused()
    {
        byte[] twice = [.. _core.Bytes];
        ".text\0\0\0"u8.CopyTo(twice.AsSpan((int)_core.UsedHeaderBytes - 40));

        Refused("core.efi: has 0 sections .vendor, not one; build it again", [.. _core.Bytes], ".vendor", 1);
        Refused("core.efi: has 2 sections .text, not one; build it again", twice, ".text", 1);
        Refused(
            "core.efi: is signed: section .data has to be filled before that",
            ReferenceBuild.Signed([.. _core.Bytes], new byte[8]),
            ".data",
            1);
    }

    private static void Refused(string expected, byte[] image, string section, int length)
    {
        EmberException e = Assert.Throws<EmberException>(
            () => PeSections.Fill(PeImage.Parse("core.efi", image), section, new byte[length]));
        Assert.Equal((expected, ErrorKind.Input), (e.Message, e.Kind));
    }

    [Fact]
    public void No_section_is_added_where_other_bytes_lie_or_where_it_would_be_too_long()
    {
        byte[] core = ReferenceBuild.ReadCore();
        EmberException e = Assert.Throws<EmberException>(
            () => PeSections.Announce(PeImage.Parse("longer.efi", [.. core, 1]), ".bank", 1));
        Assert.Equal("longer.efi: has bytes behind its sections, where section .bank would be; link it again", e.Message);

        e = Assert.Throws<EmberException>(() => PeSections.Announce(PeImage.Parse("core.efi", core), ".bank", (1L << 30) + 1));
        Assert.Equal("core.efi: section .bank would have 1073741825 bytes; 1073741824 is the most: use smaller files", e.Message);

        e = Assert.Throws<EmberException>(
            () => PeSections.Announce(PeImage.Parse("signed.efi", ReferenceBuild.Signed(core, new byte[1000])), ".bank", 1));
        Assert.Equal("signed.efi: is signed: section .bank has to be added before that", e.Message);
    }
}
