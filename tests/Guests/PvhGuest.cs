using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>A kernel with a PVH entry, in an ELF64 file, that prints what it is told: the start information's magic and version,
/// the command line, modules, RSDP and memory map; then it reads the local APIC's version, at its physical address.</summary>
public static class PvhGuest
{
    /// <summary>Where it lies.</summary>
    public const uint Address = 0x10_0000;

    private const uint ApicVersion = 0xFEE0_0030;

    /// <summary>The kernel.</summary>
    public static byte[] Build()
    {
        byte[] code = ProtectedModeCode.Assemble(Address, c =>
        {
            c.PrintHex(" magic ", __dword_ptr[ebp]);
            c.PrintHex(" version ", __dword_ptr[ebp + 4]);
            c.PrintText("\r\ncommand line '", __dword_ptr[ebp + 24]);
            c.Print("'");
            c.ForEach(__dword_ptr[ebp + 16], __dword_ptr[ebp + 12], 1, 32, () =>
            {
                c.PrintHex("\r\nmodule ", __dword_ptr[edi]);
                c.PrintText(" '", __dword_ptr[edi + 16]);
                c.PrintBytes("' ", __dword_ptr[edi], __dword_ptr[edi + 8], lengthIsEnd: false);
            });
            c.PrintHex("\r\nrsdp ", __dword_ptr[ebp + 32]);
            c.ForEach(__dword_ptr[ebp + 40], __dword_ptr[ebp + 48], 1, 24, () =>
            {
                c.PrintHex("\r\nrange ", __dword_ptr[edi]);
                c.PrintHex(" ", __dword_ptr[edi + 8]);
                c.PrintHex(" ", __dword_ptr[edi + 16]);
            });
            c.PrintHex("\r\napic ", __dword_ptr[ApicVersion]);
        });
        return new GuestElf { Content = code, Address = Address, Entry = Address, Is64 = true, HasPvhNote = true }.Build();
    }
}
