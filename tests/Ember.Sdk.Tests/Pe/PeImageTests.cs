using System;
using System.Linq;
using System.Security.Cryptography;
using CsCheck;
using Ember.Sdk.Pe;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Pe;

public sealed class PeImageTests
{
    [Fact]
    public void The_core_has_the_sections_the_linker_was_told_to_make()
    {
        PeImage core = PeImage.Read(ReferenceBuild.Core);
        Assert.Equal([".text", ".rdata", ".data", ".pdata", ".symtab", ".reloc"], core.Sections.Select(section => section.Name));
        Assert.Equal([".text"], core.Sections.Where(section => section.IsExecutable).Select(section => section.Name));
        Assert.Equal([".data"], core.Sections.Where(section => section.IsWritable).Select(section => section.Name));
        Assert.Equal("MZ"u8, core.Bytes.AsSpan()[..2]);
        Assert.True(core.SectionAt(core.EntryPoint)!.IsExecutable);
    }

    [Fact]
    public void Bytes_are_found_by_address_and_not_beyond_the_file()
    {
        PeImage core = PeImage.Read(ReferenceBuild.Core);
        PeSection text = core.Sections[0];
        Assert.True(core.At(text.Rva, 16).SequenceEqual(core.Bytes.AsSpan().Slice((int)text.FileOffset, 16)));
        Assert.True(core.At(text.Rva + text.VirtualSize - 4, 5).IsEmpty);
        Assert.True(core.At(uint.MaxValue, 1).IsEmpty);
        Assert.True(core.At(text.Rva, uint.MaxValue).IsEmpty);
    }

    [Fact]
    public void A_signature_changes_nothing_about_the_digest_of_what_was_signed()
    {
        byte[] core = ReferenceBuild.ReadCore();
        string digest = Convert.ToHexStringLower(SHA256.HashData(core));
        PeImage signed = PeImage.Parse("signed.efi", ReferenceBuild.Signed(core, new byte[1000]));
        Assert.Equal(digest, PeImage.Parse("core.efi", core).UnsignedDigest());
        Assert.Equal(digest, signed.UnsignedDigest());
        core[^1] ^= 1;
        Assert.NotEqual(digest, PeImage.Parse("core.efi", core).UnsignedDigest());
    }

    [Theory]
    [InlineData("", "no EFI application: it does not begin with 'MZ'")]
    [InlineData("M", "no EFI application: it does not begin with 'MZ'")]
    [InlineData("\u007fELF", "no EFI application: it does not begin with 'MZ'")]
    [InlineData("MZ", "damaged or cut off: ")]
    public void What_is_no_executable_is_refused(string content, string problem)
    {
        EmberException e = Assert.Throws<EmberException>(() => PeImage.Parse("x.efi", [.. content.Select(c => (byte)c)]));
        Assert.StartsWith($"x.efi: {problem}", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        EmberException e = Assert.Throws<EmberException>(() => PeImage.Read("/absent/core.efi"));
        Assert.Equal("/absent/core.efi: not found", e.Message);
    }

    [Fact]
    public void A_core_cut_off_anywhere_is_refused()
    {
        byte[] core = ReferenceBuild.ReadCore();
        Gen.Int[0, core.Length - 1].Sample(length => Assert.Throws<EmberException>(() => PeImage.Parse("cut.efi", core[..length])));
    }

    [Fact]
    public void Damaged_headers_are_refused_or_read_and_never_anything_else()
    {
        byte[] core = ReferenceBuild.ReadCore();
        (from place in Gen.Int[0, 1023] from value in Gen.Byte select (place, value)).Array[1, 8].Sample(
            changes =>
            {
                byte[] damaged = [.. core];
                foreach ((int place, byte value) in changes)
                {
                    damaged[place] = value;
                }

                try
                {
                    PeImage image = PeImage.Parse("damaged.efi", damaged);
                    Assert.True(image.Sections.Sum(section => (long)section.FileSize) <= damaged.Length);
                }
                catch (EmberException e)
                {
                    Assert.StartsWith("damaged.efi: ", e.Message);
                }
            },
            iter: 2000);
    }
}
