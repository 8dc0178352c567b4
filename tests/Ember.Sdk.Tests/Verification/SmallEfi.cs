using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Tests.Verification;

/// <summary>An EFI application of nothing but headers, a page of code, and the section that a loader keeps its key in.</summary>
internal static class SmallEfi
{
    private const int Header = 0x40;
    private const int Optional = Header + 24;
    private const int OptionalSize = 240;
    private const int HeadersSize = 0x200;
    private const uint Page = 0x1000;

    /// <summary>What <see cref="Speaking"/> says on COM1.</summary>
    public const string Text = "the planted loader runs";

    /// <summary>Says <see cref="Text"/>, and halts for ever.</summary>
    public static byte[] Speaking { get; } =
    [
        0x66, 0xBA, 0xF8, 0x03,                                     // mov dx, 3F8h
        .. Text.SelectMany(character => (byte[])[0xB0, (byte)character, 0xEE]), // mov al, character; out dx, al
        0xF4, 0xEB, 0xFD,                                           // again: hlt; jmp again
    ];

    public static byte[] Build(params ReadOnlySpan<byte> code)
    {
        byte[] file = new byte[HeadersSize + 0x200 + 0x400];
        "MZ"u8.CopyTo(file);
        Long(file, 0x3C, Header);
        "PE\0\0"u8.CopyTo(file.AsSpan(Header));
        Word(file, Header + 4, 0x8664);
        Word(file, Header + 6, 2);
        Word(file, Header + 20, OptionalSize);
        Word(file, Optional, 0x20B);
        Long(file, Optional + 16, Page);
        Long(file, Optional + 32, Page);
        Long(file, Optional + 36, 0x200);
        Long(file, Optional + 56, 3 * Page);
        Long(file, Optional + 60, HeadersSize);
        Word(file, Optional + 68, 10);
        Long(file, Optional + 108, 16);
        Section(file, 0, ".text", HeadersSize, 0x200);
        Section(file, 1, ".vendor", HeadersSize + 0x200, 0x400);
        code.CopyTo(file.AsSpan(HeadersSize));
        return file;
    }

    private static void Section(byte[] file, int index, string name, uint offset, uint size)
    {
        int row = Optional + OptionalSize + (index * 40);
        Encoding.ASCII.GetBytes(name, file.AsSpan(row));
        Long(file, row + 8, size);
        Long(file, row + 12, (uint)(index + 1) * Page);
        Long(file, row + 16, size);
        Long(file, row + 20, offset);
    }

    private static void Word(byte[] file, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(offset), value);

    private static void Long(byte[] file, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
}
