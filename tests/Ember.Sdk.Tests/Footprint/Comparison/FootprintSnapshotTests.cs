using System;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;
using Iced.Intel;

namespace Ember.Sdk.Tests.Footprint.Comparison;

public sealed class FootprintSnapshotTests
{
    private static readonly string _good = Encoding.UTF8.GetString(SnapshotFixture.Of(
        SnapshotFixture.Piece("f()", 16, SnapshotFixture.Hash(1)), SnapshotFixture.Piece("g()", 4)).ToJson());

    [Fact]
    public void What_is_saved_is_read_again()
    {
        using TemporaryFolder folder = new();
        SnapshotFixture.Any.Sample(
            snapshot =>
            {
                snapshot.Save(folder["a.json"]);
                FootprintSnapshot read = FootprintSnapshot.Read(folder["a.json"]);

                Assert.Equal(folder["a.json"], read.Name);
                Assert.Equal(snapshot.Digest, read.Digest);
                Assert.Equal(snapshot.Pieces, read.Pieces);
                Assert.Equal(snapshot.ToJson(), read.ToJson());
            },
            threads: 1);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2 is unknown; this version of ember reads format 1")]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "format is a string; a number is needed")]
    [InlineData("ember-footprint", "something", "it is a 'something', not an 'ember-footprint'")]
    [InlineData("\"schema\"", "\"scheme\"", "schema is missing")]
    [InlineData("\"format\": 1", "\"format\": 1, \"more\": null", "unknown property 'more'")]
    [InlineData("\"format\": 1", "\"format\": 1, \"format\": 1", "damaged or cut off: ")]
    [InlineData("\"sha256\": \"0", "\"sha256\": \"X", "sha256 is no SHA-256")]
    [InlineData("\"pieces\": [", "\"pieces\": [7,", "pieces[0]: a number where an object should be")]
    [InlineData("\"file\":16", "\"file\":-1", "pieces[0]: file is no whole number from 0 to 1099511627776")]
    [InlineData("\"file\":16", "\"file\":1099511627777", "pieces[0]: file is no whole number from 0 to 1099511627776")]
    [InlineData("\"file\":16", "\"file\":1e400", "pieces[0]: file is no whole number from 0 to 1099511627776")]
    [InlineData("\"file\":16", "\"file\":16.5", "pieces[0]: file is no whole number from 0 to 1099511627776")]
    [InlineData("\"file\":16,", "", "pieces[0]: file is missing")]
    [InlineData("\"file\":16", "\"file\":16,\"files\":16", "pieces[0]: unknown property 'files'")]
    [InlineData("\"file\":16", "\"file\":16,\"file\":16", "damaged or cut off: ")]
    [InlineData("\"Method\"", "\"method\"", "pieces[0]: kind 'method' is unknown")]
    [InlineData("\"Method\"", "\"0\"", "pieces[0]: kind '0' is unknown")]
    [InlineData("\"member\":\"g()\"", "\"member\":\"f()\"", "pieces[1]: 'Ember.Core.Devices.T.f()' appears twice")]
    [InlineData("\"member\":\"f()\"", "\"member\":\"\\ud800\"", "pieces[0]: a text in it is not Unicode")]
    [InlineData("\"member\":\"f()\"", "\"member\":null", "pieces[0]: member is null; a string is needed")]
    [InlineData("\"member\":\"f()\"", "\"\\ud800\":\"f()\"", "damaged or cut off: ")]
    public void Anything_else_is_refused_in_words(string find, string replace, string expected)
    {
        int at = _good.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string message = Refuse(Encoding.UTF8.GetBytes(_good.Remove(at, find.Length).Insert(at, replace)));

        Assert.StartsWith("FILE: " + expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(_good);
        for (int length = 0; length < bytes.Length - 2; length++)
        {
            Assert.StartsWith("FILE: damaged or cut off: ", Refuse(bytes[..length]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Mangled_bytes_are_read_or_refused_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        byte[] good = Encoding.UTF8.GetBytes(_good);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                File.WriteAllBytes(folder["a.json"], bytes);
                try
                {
                    FootprintSnapshot.Read(folder["a.json"]);
                }
                catch (EmberException e)
                {
                    Assert.Equal(ErrorKind.Input, e.Kind);
                    Assert.StartsWith(folder["a.json"] + ": ", e.Message, StringComparison.Ordinal);
                }
            },
            threads: 1);
    }

    [Fact]
    public void Nesting_without_end_and_an_absent_file_are_refused()
    {
        Assert.StartsWith("FILE: damaged or cut off: ", Refuse(Encoding.UTF8.GetBytes(new string('[', 100_000))), StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        EmberException e = Assert.Throws<EmberException>(() => FootprintSnapshot.Read(folder["none.json"]));
        Assert.Equal(ErrorKind.Input, e.Kind);
    }

    [Fact]
    public void A_snapshot_of_the_core_has_all_its_bytes_and_a_hash_for_each_symbol()
    {
        FootprintTarget core = ReferenceBuild.Target;
        FootprintSnapshot snapshot = core.Snapshot();
        ILookup<(PieceKind, string, string), Piece> pieces =
            core.Pieces.ToLookup(piece => (piece.Kind, piece.Source.Assembly, piece.Source.FullName));

        Assert.Equal(FootprintTree.Sum(core.Pieces.Select(piece => piece.Sizes)), snapshot.Total);
        Assert.Equal(core.Core.UnsignedDigest(), snapshot.Digest);
        Assert.All(
            snapshot.Pieces, piece => Assert.Equal(pieces[piece.Identity].Any(one => one.Symbol is not null), piece.Hash.Length == 64));
        Assert.Equal(snapshot.Pieces.Count, snapshot.Pieces.DistinctBy(piece => piece.Identity).Count());
        Assert.Equal(snapshot.ToJson(), FootprintSnapshot.Of(core.Core, core.Files, core.Pieces.Reverse()).ToJson());
    }

    [Fact]
    public void The_hash_of_code_stays_when_the_code_moves_and_changes_when_the_code_does()
    {
        byte[] here = Assemble(0x1000, a => a.ret());
        byte[] there = Assemble(0x2000, a => a.ret());
        byte[] other = Assemble(0x1000, a => a.iretq());
        Assert.NotEqual(here, there);

        Assert.Equal(Cleared(0x1000, here), Cleared(0x2000, there));
        Assert.NotEqual(Cleared(0x1000, here), Cleared(0x1000, other));

        // What refers to the code itself stays.
        Assert.Contains((byte)0xFE, Cleared(0x1000, [0xEB, 0xFE]));

        static byte[] Assemble(ulong rva, Action<Assembler> end)
        {
            Assembler assembler = new(64);
            assembler.call(0x9000);
            assembler.AddInstruction(Instruction.Create(Code.Lea_r64_m, Register.RAX, new MemoryOperand(Register.RIP, 0xA000)));
            end(assembler);
            using MemoryStream code = new();
            assembler.Assemble(new StreamCodeWriter(code), rva);
            return code.ToArray();
        }

        static byte[] Cleared(uint rva, byte[] code)
        {
            byte[] copy = [.. code];
            ContentHash.ClearTargets(new Symbol(rva, (uint)copy.Length, SymbolKind.Stub, "s", [], new SourceMember("", "", "", "s")), copy);
            return copy;
        }
    }

    private static string Refuse(byte[] bytes)
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["a.json"], bytes);
        EmberException e = Assert.Throws<EmberException>(() => FootprintSnapshot.Read(folder["a.json"]));
        Assert.Equal(ErrorKind.Input, e.Kind);
        return e.Message.Replace(folder["a.json"], "FILE", StringComparison.Ordinal);
    }
}
