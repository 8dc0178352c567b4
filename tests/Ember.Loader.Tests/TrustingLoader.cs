using System;
using Ember.Formats.Signatures;

namespace Ember.Loader.Tests;

/// <summary>An EFI application that is no more than headers and a section with a vendor's key (PE/COFF specification, sections 3 and 4).
/// </summary>
internal static class TrustingLoader
{
    private const int NewHeader = 0x40;
    private const int OptionalHeader = NewHeader + 24;
    private const int OptionalHeaderSize = 240;
    private const int Sections = OptionalHeader + OptionalHeaderSize;
    private const int Headers = 0x200;
    private const int SectionLength = 0x400;
    private const uint Page = 0x1000;
    private const uint InitializedReadable = 0x4000_0040;

    public static byte[] Of(byte[] vendorKey)
    {
        byte[] file = new byte[Headers + SectionLength];
        "MZ"u8.CopyTo(file);
        file[0x3C] = NewHeader;
        "PE\0\0"u8.CopyTo(file.AsSpan(NewHeader));
        Put16(NewHeader + 4, 0x8664);
        Put16(NewHeader + 6, 1);
        Put16(NewHeader + 20, OptionalHeaderSize);
        Put16(NewHeader + 22, 0x22);
        Put16(OptionalHeader, 0x20B);
        Put32(OptionalHeader + 32, Page);
        Put32(OptionalHeader + 36, Headers);
        Put32(OptionalHeader + 56, 2 * Page);
        Put32(OptionalHeader + 60, Headers);
        Put16(OptionalHeader + 68, 10);
        Put32(OptionalHeader + 108, 16);
        RsaPublicKey.SectionName.CopyTo(file.AsSpan(Sections));
        Put32(Sections + 8, SectionLength);
        Put32(Sections + 12, Page);
        Put32(Sections + 16, SectionLength);
        Put32(Sections + 20, Headers);
        Put32(Sections + 36, InitializedReadable);
        vendorKey.CopyTo(file.AsSpan(Headers));
        return file;

        void Put16(int offset, ushort value) => BitConverter.TryWriteBytes(file.AsSpan(offset), value);
        void Put32(int offset, uint value) => BitConverter.TryWriteBytes(file.AsSpan(offset), value);
    }
}
