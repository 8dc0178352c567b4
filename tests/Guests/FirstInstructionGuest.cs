using Ember.Guests.LongMode;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Reads the time-stamp counter with its first instruction, says <c>first TSC</c> and powers off. It fits into the least memory
/// a machine can have.</summary>
public static class FirstInstructionGuest
{
    private const int Mark = LongModeKernel.KeptPage;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    public static byte[] Build() => LongModeKernel.Build(
        code =>
        {
            code.Assembler.mov(rax, __qword_ptr[Mark]);
            code.PrintLine("first ");
            code.PowerOff();
        },
        first: c =>
        {
            c.rdtsc();
            c.mov(__dword_ptr[Mark], eax);
            c.mov(__dword_ptr[Mark + 4], edx);
        });
}
