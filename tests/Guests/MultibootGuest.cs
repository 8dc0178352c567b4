using System;
using System.Buffers.Binary;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>A Multiboot 1 kernel that prints what it is told: registers, flags, memory, command line, modules and memory map.</summary>
public static class MultibootGuest
{
    /// <summary>Where it lies.</summary>
    public const uint Address = 0x10_0000;

    private const uint Magic = 0x1BAD_B002;
    private const uint PagesAndMemory = 3;
    private const uint HasAddresses = 1 << 16;
    private const int HeaderLength = 32;

    /// <summary>The kernel as an ELF file.</summary>
    /// <param name="flags">What it requires more than memory and modules on page boundaries.</param>
    public static byte[] BuildElf(uint flags = 0) =>
        new GuestElf { Content = BuildContent(PagesAndMemory | flags), Address = Address, Entry = Address + HeaderLength }.Build();

    /// <summary>The kernel as a file that begins with its header, which says where everything goes.</summary>
    public static byte[] BuildFlat() => BuildContent(PagesAndMemory | HasAddresses);

    private static byte[] BuildContent(uint flags)
    {
        byte[] code = ProtectedModeCode.Assemble(Address + HeaderLength, c =>
        {
            c.PrintHex(" flags ", __dword_ptr[ebp]);
            c.PrintHex(" low ", __dword_ptr[ebp + 4]);
            c.PrintHex(" high ", __dword_ptr[ebp + 8]);
            c.PrintText("\r\ncommand line '", __dword_ptr[ebp + 16]);
            c.Print("'");
            c.ForEach(__dword_ptr[ebp + 24], __dword_ptr[ebp + 20], 1, 16, () =>
            {
                c.PrintHex("\r\nmodule ", __dword_ptr[edi]);
                c.PrintText(" '", __dword_ptr[edi + 8]);
                c.PrintBytes("' ", __dword_ptr[edi], __dword_ptr[edi + 4], lengthIsEnd: true);
            });
            c.ForEach(__dword_ptr[ebp + 48], __dword_ptr[ebp + 44], 24, 24, () =>
            {
                c.PrintHex("\r\nrange ", __dword_ptr[edi + 4]);
                c.PrintHex(" ", __dword_ptr[edi + 12]);
                c.PrintHex(" ", __dword_ptr[edi + 20]);
            });
        });
        byte[] content = new byte[HeaderLength + code.Length];
        uint[] header =
            [Magic, flags, unchecked(0 - Magic - flags), Address, Address, 0, 0, Address + HeaderLength];
        for (int i = 0; i < header.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(i * 4), header[i]);
        }

        code.CopyTo(content, HeaderLength);
        return content;
    }
}
