using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>
/// The one way an indirect call takes: ilc's <c>--guard:cf</c> turns every call through a pointer into one through
/// <c>__guard_dispatch_icall_fptr</c>, with the target in RAX. The core calls only the firmware through pointers, so a target inside
/// the core's own image is a pointer that was overwritten.
/// </summary>
public static class DispatchStubs
{
    private const string Dispatch = "EmberDispatch";

    private const int NewHeaderOffset = 0x3C;

    /// <summary>SizeOfImage in the PE header (PE/COFF specification, section 3.4.2): 24 bytes of signature and file header, then 56.</summary>
    private const int SizeOfImageOffset = 0x50;

    public static IEnumerable<CoffSection> All =>
    [
        new CoffSection(
            SectionKind.ReadOnly,
            "__guard_dispatch_icall_fptr",
            new byte[sizeof(ulong)],
            [new CoffRelocation(0, Dispatch, RelocationKind.Address)]),
        StubAssembler.Assemble(Dispatch, stub =>
        {
            Assembler c = stub.Code;
            Label outside = c.CreateLabel();
            stub.LoadAddressIntoR10("__ImageBase");
            c.mov(r11d, __dword_ptr[r10 + NewHeaderOffset]);
            c.mov(r11d, __dword_ptr[r10 + r11 + SizeOfImageOffset]);
            c.neg(r10);
            c.add(r10, rax);
            c.cmp(r10, r11);
            c.jae(outside);
            c.ud2();
            c.Label(ref outside);
            c.jmp(rax);
        }),
    ];
}
