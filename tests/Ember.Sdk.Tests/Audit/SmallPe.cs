using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Tests.Audit;

/// <summary>The file around a <see cref="SmallImage"/>: headers and five sections of 4 KiB or less.</summary>
internal sealed class SmallPe(bool textIsWritable, bool rdataIsWritable)
{
    public const ulong ImageBase = 0x1_4000_0000;

    /// <summary>Where the code lies in the file: behind the headers.</summary>
    public const int TextOffset = 0x400;

    private const uint Page = 0x1000;
    private const uint Execute = 0x2000_0000;
    private const uint Read = 0x4000_0000;
    private const uint Write = 0x8000_0000;
    private const int OptionalHeader = 0x40 + 24;
    private const int SectionTable = OptionalHeader + 240;
    private const uint RelocationRva = 4 * Page;
    private const uint ExceptionRva = 5 * Page;

    private readonly byte[] _rdata = new byte[0x200];
    private readonly byte[] _data = new byte[0x200];
    private readonly List<uint> _runtimeFunctions = [];

    public byte[] Text { get; } = new byte[SmallImage.CodeEnd - Page];

    /// <summary>The bytes from an address on.</summary>
    public Span<byte> At(uint rva) => (rva / Page) switch
    {
        1 => Text.AsSpan((int)(rva - Page)),
        2 => _rdata.AsSpan((int)(rva - (2 * Page))),
        3 => _data.AsSpan((int)(rva - (3 * Page))),
        _ => throw new ArgumentOutOfRangeException(nameof(rva)),
    };

    /// <summary>Describes a function whose prologue is <c>sub rsp, frame</c>.</summary>
    public void AddUnwindInfo(uint begin, uint length, uint info, int frame)
    {
        byte prologue = (byte)(frame < 128 ? 4 : 7);
        byte[] codes = frame <= 128
            ? [1, prologue, 1, 0, prologue, (byte)((((frame - 8) / 8) << 4) | 2)]
            : [1, prologue, 2, 0, prologue, 1, (byte)(frame / 8), (byte)(frame / 8 >> 8)];
        codes.CopyTo(At(info));
        _runtimeFunctions.AddRange([begin, begin + length, info]);
    }

    public byte[] Build(uint entryPoint, IReadOnlyList<uint> fixups)
    {
        byte[] relocations = Relocations(fixups);
        byte[] exceptions = [.. _runtimeFunctions.SelectMany(BitConverter.GetBytes)];
        (string Name, byte[] Bytes, uint Flags)[] sections =
        [
            (".text", Text, Execute | Read | (textIsWritable ? Write : 0)),
            (".rdata", _rdata, Read | (rdataIsWritable ? Write : 0)),
            (".data", _data, Read | Write),
            (".reloc", relocations, Read),
            (".pdata", exceptions, Read),
        ];
        byte[] file = new byte[TextOffset + sections.Sum(section => Aligned(section.Bytes.Length))];
        WriteHeaders(file, entryPoint, relocations.Length, exceptions.Length, sections.Length);
        int at = TextOffset;
        for (int i = 0; i < sections.Length; i++)
        {
            Span<byte> row = file.AsSpan(SectionTable + (i * 40));
            System.Text.Encoding.ASCII.GetBytes(sections[i].Name, row);
            BitConverter.TryWriteBytes(row[8..], sections[i].Bytes.Length);
            BitConverter.TryWriteBytes(row[12..], (uint)(i + 1) * Page);
            BitConverter.TryWriteBytes(row[16..], Aligned(sections[i].Bytes.Length));
            BitConverter.TryWriteBytes(row[20..], at);
            BitConverter.TryWriteBytes(row[36..], sections[i].Flags);
            sections[i].Bytes.CopyTo(file.AsSpan(at));
            at += Aligned(sections[i].Bytes.Length);
        }

        return file;
    }

    private static void WriteHeaders(byte[] file, uint entryPoint, int relocations, int exceptions, int sections)
    {
        "MZ"u8.CopyTo(file);
        BitConverter.TryWriteBytes(file.AsSpan(0x3C), 0x40);
        "PE\0\0"u8.CopyTo(file.AsSpan(0x40));
        Span<byte> optional = file.AsSpan(OptionalHeader);
        BitConverter.TryWriteBytes(file.AsSpan(0x44), (ushort)0x8664);
        BitConverter.TryWriteBytes(file.AsSpan(0x46), (ushort)sections);
        BitConverter.TryWriteBytes(file.AsSpan(0x54), (ushort)240);
        BitConverter.TryWriteBytes(optional, (ushort)0x20B);
        BitConverter.TryWriteBytes(optional[16..], entryPoint);
        BitConverter.TryWriteBytes(optional[24..], ImageBase);
        BitConverter.TryWriteBytes(optional[32..], Page);
        BitConverter.TryWriteBytes(optional[36..], 0x200);
        BitConverter.TryWriteBytes(optional[56..], (uint)(sections + 1) * Page);
        BitConverter.TryWriteBytes(optional[60..], TextOffset);
        BitConverter.TryWriteBytes(optional[68..], (ushort)10);
        BitConverter.TryWriteBytes(optional[108..], 16);
        BitConverter.TryWriteBytes(optional[(112 + 24)..], ExceptionRva);
        BitConverter.TryWriteBytes(optional[(112 + 28)..], exceptions);
        BitConverter.TryWriteBytes(optional[(112 + 40)..], RelocationRva);
        BitConverter.TryWriteBytes(optional[(112 + 44)..], relocations);
    }

    /// <summary>One block a page that has fixups.</summary>
    private static byte[] Relocations(IReadOnlyList<uint> fixups) =>
    [
        .. fixups.GroupBy(fixup => fixup / Page * Page).SelectMany(page => (byte[])
        [
            .. BitConverter.GetBytes(page.Key),
            .. BitConverter.GetBytes(8 + (page.Count() * 2)),
            .. page.SelectMany(fixup => BitConverter.GetBytes((ushort)(0xA000 | (fixup - page.Key)))),
        ]),
    ];

    private static int Aligned(int length) => (length + 0x1FF) & ~0x1FF;
}
