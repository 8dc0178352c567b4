using System;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Images;
using Ember.Sdk.Pe;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;

namespace Ember.Sdk.Tests.Footprint;

public sealed class AttributionTests : IDisposable
{
    /// <summary>What may stay without an owner: half a percent.</summary>
    private const int MostUnattributed = 200;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_pieces_of_the_core_add_up_to_its_file_and_its_memory()
    {
        FootprintTarget core = ReferenceBuild.Target;
        Sizes sum = FootprintTree.Sum(core.Pieces.Select(piece => piece.Sizes));
        Assert.Equal(new Sizes(0, new FileInfo(ReferenceBuild.Core).Length, core.Core.SizeOfImage, 0), sum);
    }

    [Fact]
    public void Next_to_nothing_is_unattributed()
    {
        FootprintTarget core = ReferenceBuild.Target;
        long unattributed = core.Pieces.Where(piece => piece.Kind == PieceKind.Unattributed).Sum(piece => piece.Sizes.File);
        Assert.InRange(unattributed, 0, core.Core.Bytes.Length / MostUnattributed);
    }

    [Fact]
    public void A_row_is_the_sum_of_the_rows_under_it()
    {
        FootprintNode root = FootprintTarget.Open(ReferenceBuild.Folder.Image).Tree([]);
        Check(root);

        static void Check(FootprintNode node)
        {
            if (node.Children.Count != 0)
            {
                Assert.Equal(node.Sizes, FootprintTree.Sum(node.Children.Select(child => child.Sizes)));
                Assert.All(node.Children, Check);
            }
        }
    }

    [Fact]
    public void The_rows_of_an_image_add_up_to_its_length_and_hold_the_core()
    {
        FootprintNode root = FootprintTarget.Open(ReferenceBuild.Folder.Image).Tree([]);
        Assert.Equal(new FileInfo(ReferenceBuild.Folder.Image).Length, root.Sizes.Flash);
        Assert.Equal(
            ["EFI system partition", "BANK-A", "BANK-B", "STATE"],
            root.Children.Select(row => row.Name).Where(row => !row.Contains("partitions", StringComparison.Ordinal) && row != "partition tables"));
        FootprintNode volume = Assert.Single(root.Children, row => row.Name == "BANK-A");
        FootprintNode core = Assert.Single(volume.Children, row => row.Name == KeyAttribution.CorePath);
        Assert.Contains(volume.Children, row => row.Name == "signature of core.efi" && row.Sizes.Flash > 0);
        Assert.Equal(new FileInfo(ReferenceBuild.Core).Length, core.Sizes.Flash);
        Assert.Equal(core.Sizes.Flash, core.Sizes.File);
        Assert.Contains(volume.Children, row => row.Name == "appliance.plan" && row.Kind == PieceKind.FlashFile);
    }

    [Theory]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    [InlineData(FatType.Fat32)]
    public void Files_that_nobody_knows_are_rows_of_the_image(FatType fatType)
    {
        ReferenceBuild.CopyTo(_folder.Path);
        ImageRequest request = ImageFixture.Request(ImageFixture.Esp(
            ImageFile.FromFile(KeyAttribution.CorePath, ReferenceBuild.Core), ImageFile.FromBytes("ODD/STRANGE.BIN", new byte[777])) with
        {
            FatType = fatType,
        });
        ImageWriter.Write(request, _folder["strange.img"]);
        FootprintNode root = FootprintTarget.Open(_folder["strange.img"]).Tree([]);
        FootprintNode volume = Assert.Single(root.Children, row => row.Name == "EFI system partition");
        FootprintNode strange = Assert.Single(volume.Children, row => row.Name == "ODD/STRANGE.BIN");
        Assert.Equal((PieceKind.FlashFile, 777), (strange.Kind, strange.Sizes.Flash));
        Assert.Equal(new FileInfo(_folder["strange.img"]).Length, root.Sizes.Flash);
    }

    [Fact]
    public void An_image_without_a_core_is_refused()
    {
        ImageWriter.Write(ImageFixture.Request(ImageFixture.Esp(ImageFile.FromBytes("ODD/STRANGE.BIN", new byte[1]))), _folder["empty.img"]);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_folder["empty.img"]));
        Assert.Equal($"{_folder["empty.img"]}: no core is on it: no bank has core.efi", e.Message);
    }

    [Fact]
    public void What_runs_takes_a_column_of_its_own()
    {
        Piece stacks = new(PieceKind.RunTime, new("running core", "", "", "stacks"), new Sizes(0, 0, 0, 4096), null);
        FootprintNode root = ReferenceBuild.Target.Tree([stacks]);
        Assert.Equal(4096, root.Sizes.RunTime);
        Assert.Equal(ReferenceBuild.Target.Core.Bytes.Length, root.Sizes.File);
    }

    [Fact]
    public void A_signature_is_a_row_and_nothing_else_changes()
    {
        string path = ReferenceBuild.CopyTo(_folder.Path);
        File.WriteAllBytes(path, ReferenceBuild.Signed(ReferenceBuild.ReadCore(), new byte[1048]));
        FootprintTarget signed = FootprintTarget.Open(path);
        Piece signature = Assert.Single(signed.Pieces, piece => piece.Kind == PieceKind.Signature);
        Assert.Equal(new Sizes(0, 1048, 0, 0), signature.Sizes);
        Assert.Equal(
            ReferenceBuild.Target.Pieces.Select(piece => piece.Sizes),
            signed.Pieces.Where(piece => piece != signature).Select(piece => piece.Sizes));
    }

    [Fact]
    public void Bytes_hidden_between_pieces_are_not_called_padding()
    {
        byte[] core = ReferenceBuild.ReadCore();
        PeSection text = ReferenceBuild.Target.Core.Sections[0];
        Piece[] code = [.. ReferenceBuild.Target.Pieces.Where(piece => piece.Symbol is { IsCode: true } && piece.Kind == PieceKind.Method)];
        uint gap = code.Zip(code.Skip(1)).First(pair => pair.Second.Symbol!.Rva - pair.First.Symbol!.End >= 4).First.Symbol!.End;
        core[text.FileOffset + (gap - text.Rva) + 1] = 0xC3;
        Piece hidden = Assert.Single(
            CoreAttribution.Of(PeImage.Parse("hidden.efi", core), ReferenceBuild.Target.Symbols),
            piece => piece.Kind == PieceKind.Unattributed);
        Assert.InRange(hidden.Sizes.File, 4, 15);
    }

    [Fact]
    public void A_literal_belongs_to_what_uses_it_and_is_called_by_what_it_says()
    {
        Piece greeting = Assert.Single(ReferenceBuild.Target.Pieces, piece => piece.Source.Member == "\"Ember 0.1.0\"");
        Assert.Equal(("Ember.Core.Startup", "EntryPoint"), (greeting.Source.Namespace, greeting.Source.Type));
    }

    [Theory]
    [InlineData("", "neither a core nor an image of a key in order")]
    [InlineData("text", "neither a core nor an image of a key in order")]
    public void What_is_neither_core_nor_image_is_refused(string content, string problem)
    {
        File.WriteAllText(_folder["file"], content);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_folder["file"]));
        Assert.Contains(problem, e.Message);
    }

    [Fact]
    public void An_image_cut_off_is_refused()
    {
        byte[] image = File.ReadAllBytes(ReferenceBuild.Folder.Image);
        File.WriteAllBytes(_folder["cut.img"], image[..(image.Length / 2)]);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_folder["cut.img"]));
        Assert.Equal(ErrorKind.Checked, e.Kind);
    }
}
