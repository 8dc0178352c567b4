using System.Collections.Generic;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>
/// Instructions that reach beyond general registers, vector registers and memory: what is privileged, what a hypervisor intercepts,
/// what changes the processor's mode, segments, interrupt flag or extended state, and what enters another privilege level.
/// </summary>
internal static class SystemInstructions
{
    /// <summary>What Iced does not call privileged, because user code may execute it under some operating systems.</summary>
    private static readonly HashSet<Mnemonic> _more =
    [
        Mnemonic.Iret, Mnemonic.Iretd, Mnemonic.Iretq, Mnemonic.Retf, Mnemonic.Uiret,
        Mnemonic.Int, Mnemonic.Int1, Mnemonic.Into, Mnemonic.Bound,
        Mnemonic.Syscall, Mnemonic.Sysret, Mnemonic.Sysretq, Mnemonic.Sysenter, Mnemonic.Sysexit, Mnemonic.Sysexitq,
        Mnemonic.Cpuid, Mnemonic.Rdtsc, Mnemonic.Rdtscp, Mnemonic.Rdpmc, Mnemonic.Rdpru, Mnemonic.Rdpid,
        Mnemonic.Rdrand, Mnemonic.Rdseed,
        Mnemonic.Monitor, Mnemonic.Mwait, Mnemonic.Monitorx, Mnemonic.Mwaitx, Mnemonic.Umonitor, Mnemonic.Umwait, Mnemonic.Tpause,
        Mnemonic.Rdpkru, Mnemonic.Wrpkru,
        Mnemonic.Vmcall, Mnemonic.Vmmcall, Mnemonic.Vmfunc, Mnemonic.Vmgexit, Mnemonic.Tdcall, Mnemonic.Seamcall, Mnemonic.Getsec,
        Mnemonic.Enclu, Mnemonic.Enclv, Mnemonic.Encls,
        Mnemonic.Sgdt, Mnemonic.Sidt, Mnemonic.Sldt, Mnemonic.Str, Mnemonic.Smsw,
        Mnemonic.Lar, Mnemonic.Lsl, Mnemonic.Verr, Mnemonic.Verw,
        Mnemonic.Lss, Mnemonic.Lfs, Mnemonic.Lgs, Mnemonic.Lds, Mnemonic.Les,
        Mnemonic.Rdfsbase, Mnemonic.Rdgsbase, Mnemonic.Wrfsbase, Mnemonic.Wrgsbase,
        Mnemonic.Pushf, Mnemonic.Pushfd, Mnemonic.Pushfq, Mnemonic.Popf, Mnemonic.Popfd, Mnemonic.Popfq,
        Mnemonic.Xgetbv, Mnemonic.Xsetbv, Mnemonic.Xsave, Mnemonic.Xsave64, Mnemonic.Xsavec, Mnemonic.Xsavec64,
        Mnemonic.Xsaveopt, Mnemonic.Xsaveopt64, Mnemonic.Xsaves, Mnemonic.Xsaves64, Mnemonic.Xrstor, Mnemonic.Xrstor64,
        Mnemonic.Xrstors, Mnemonic.Xrstors64, Mnemonic.Fxsave, Mnemonic.Fxsave64, Mnemonic.Fxrstor, Mnemonic.Fxrstor64,
        Mnemonic.Ldmxcsr, Mnemonic.Stmxcsr,
        Mnemonic.Clflush, Mnemonic.Clflushopt, Mnemonic.Clwb, Mnemonic.Clzero,
        Mnemonic.Xbegin, Mnemonic.Xend, Mnemonic.Xabort, Mnemonic.Xtest,
        Mnemonic.Std, Mnemonic.Cld,
    ];

    /// <summary>Whether only a stub that names it may have <paramref name="instruction"/>.</summary>
    public static bool Contains(in Instruction instruction) =>
        instruction.IsPrivileged || _more.Contains(instruction.Mnemonic) || TouchesSegmentOrSystemRegister(in instruction);

    private static bool TouchesSegmentOrSystemRegister(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register)
            {
                Register register = instruction.GetOpRegister(i);
                if (register.IsSegmentRegister() || register.IsCR() || register.IsDR() || register.IsTR())
                {
                    return true;
                }
            }
        }

        return instruction.SegmentPrefix is Register.FS or Register.GS;
    }
}
