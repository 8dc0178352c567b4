using System;
using System.Linq;
using System.Reflection.Metadata;
using Ember.Sdk.Audit.Loops;

namespace Ember.Sdk.Tests.Audit.Loops;

/// <summary>Loops as IL has them.</summary>
public sealed class SourceLoopTests
{
    [Theory]
    [InlineData("return n;", 0)]
    [InlineData("if (n > 1) { n--; } return n;", 0)]
    [InlineData("for (int i = 0; i < n; i++) { n--; } return n;", 1)]
    [InlineData("while (true) { if (n == 1) { break; } n--; } return n;", 1)]
    [InlineData("do { n--; } while (n > 1 && n != 5); return n;", 1)]
    [InlineData("while (n > 1) { if (n == 4) { n -= 2; continue; } n--; } return n;", 1)]
    [InlineData("again: n--; if (n > 1) { goto again; } return n;", 1)]
    [InlineData("for (int i = 0; i < n; i++) { for (int j = 0; j < i; j++) { n--; } } return n;", 2)]
    [InlineData("for (int i = 0; i < n; i++) { n--; } for (int i = 0; i < n; i++) { n--; } return n;", 2)]
    [InlineData("while (n > 1) { switch (n) { case 1: n = 7; break; case 2: n--; continue; case 3: return 1; } } return n;", 1)]
    [InlineData("again: switch (n) { case 0: return 1; case 1: n = 4; goto again; case 2: n = 1; goto again; } return n;", 1)]
    [InlineData("try { while (n > 1) { n--; } } finally { n = 1; } return n;", 1)]
    [InlineData("while (n > 1) { try { n--; } finally { n--; } } return n;", 1)]
    public void Each_loop_is_found_once(string body, int loops)
    {
        using PlantedSource source = new($"static int Root(int n) {{ {body} }}");
        Assert.Equal(loops, SourceCode.Read(source.Files).Find("Core.Root(Int32)").Single().LoopCount);
    }

    /// <summary>One of each kind of operand, and a loop around all of them.</summary>
    [Fact]
    public void Operands_of_every_kind_are_passed_over()
    {
        byte[] code =
        [
            0x00, 0x1F, 0x80, 0x20, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x22, 1, 2, 3, 4, 0x23, 1, 2, 3, 4, 5, 6, 7, 8, 0x0E, 9,
            0xFE, 0x0C, 1, 0, 0x72, 1, 0, 0, 0x70, 0x28, 1, 0, 0, 6, 0xFE, 0x13, 0xFE, 0x12, 1, 0x7B, 1, 0, 0, 4, 0xD0, 1, 0, 0, 2,
            0x45, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x00, 0x2B, 0x00, 0x2B,
        ];
        byte[] loop = [.. code, (byte)(-code.Length - 1)];
        IlBody body = Read(loop);
        Assert.Equal([0], body.Loops);
        Assert.Equal(loop.Length, body.Instructions[^1].End);
        Assert.Equal(18, body.Instructions.Count);
    }

    [Theory]
    [InlineData(0x24)]
    [InlineData(0xFE, 0x30)]
    [InlineData(0xFE)]
    [InlineData(0x20, 1, 2)]
    [InlineData(0x2B, 1, 0x20, 0, 0, 0, 0)]
    [InlineData(0x2B, 5)]
    [InlineData(0x2B, 0x80)]
    [InlineData(0x45, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0)]
    [InlineData(0x45, 0xFF, 0xFF, 0xFF, 0x3F, 0, 0, 0, 0)]
    public void What_is_no_IL_is_refused(params int[] code) =>
        Assert.Throws<BadImageFormatException>(() => Read([.. code.Select(value => (byte)value)]));

    private static unsafe IlBody Read(byte[] code)
    {
        fixed (byte* first = code)
        {
            return IlBody.Read(new BlobReader(first, code.Length));
        }
    }
}
