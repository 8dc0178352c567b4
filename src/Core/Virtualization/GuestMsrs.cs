using System;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>
/// What a guest finds in model-specific registers. A register in none of these tables, and of no device, gives #GP as on a
/// processor without it.
/// </summary>
internal static class GuestMsrs
{
    /// <summary>No table has more registers than this.</summary>
    public const int MostRegisters = 16;

    /// <summary>Registers the guest uses without an exit.</summary>
    public static ReadOnlySpan<uint> Direct =>
    [
        ModelSpecificRegister.SysenterCs,        // switched with the guest or left to it
        ModelSpecificRegister.SysenterEsp,       // switched with the guest or left to it
        ModelSpecificRegister.SysenterEip,       // switched with the guest or left to it
        ModelSpecificRegister.Star,              // switched with the guest or left to it
        ModelSpecificRegister.LongStar,          // switched with the guest or left to it
        ModelSpecificRegister.CompatibilityStar, // switched with the guest or left to it
        ModelSpecificRegister.SyscallFlagMask,   // switched with the guest or left to it
        ModelSpecificRegister.FsBase,            // part of FS, which is switched with the guest
        ModelSpecificRegister.GsBase,            // part of GS, which is switched with the guest
        ModelSpecificRegister.KernelGsBase,      // switched with the guest or left to it
        ModelSpecificRegister.TscAux,            // only RDTSCP and RDPID read it, which the core does not use
    ];

    /// <summary>Registers that read a constant and ignore writes: pairs of number and value.</summary>
    public static ReadOnlySpan<uint> Constant =>
    [
        ModelSpecificRegister.PatchLevel, 0,              // no microcode to update in a guest
        ModelSpecificRegister.MiscEnable, 1,              // fast strings; Linux reads it on any vendor
        ModelSpecificRegister.SystemConfiguration, 0,     // no memory encryption
        ModelSpecificRegister.HardwareConfiguration, 0,   // no choices offered
        ModelSpecificRegister.NorthbridgeConfiguration, 0, // there is no northbridge
        ModelSpecificRegister.InterruptPendingMessage, 0, // C1E is the host's affair
        ModelSpecificRegister.LoadStoreConfiguration, 0,  // errata work-arounds are the host's affair
        ModelSpecificRegister.BusUnitConfiguration2, 0,   // errata work-arounds are the host's affair
        ModelSpecificRegister.DecodeConfiguration, 2,     // LFENCE is serialising, so no need to make it so
        ModelSpecificRegister.TimeStampCounter, 0,        // writes only: the counter is the machine's one clock and is not moved
    ];

    /// <summary>Registers that are refused like any unknown one, but without a line: guests are known to look for them.</summary>
    public static ReadOnlySpan<uint> Probed =>
    [
        ModelSpecificRegister.PerformanceEventSelect0, // Linux asks AMD processors this way whether counters work
        ModelSpecificRegister.SystemManagementCount,   // Linux asks Intel processors this way whether they count
        ModelSpecificRegister.FeatureControl,          // Linux asks Intel processors this way whether they have VMX or SGX
        ModelSpecificRegister.MiscFeatureEnables,      // Linux asks Intel processors this way whether CPUID can be made to fault
    ];

    /// <summary>Whether a register is one of <see cref="Probed"/>.</summary>
    [LoopBound(MostRegisters, "registers in the table")]
    public static bool IsProbed(uint index)
    {
        foreach (uint probed in Probed)
        {
            if (probed == index)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The value of a register of <see cref="Constant"/>; false for any other.</summary>
    [LoopBound(MostRegisters, "registers in the table")]
    public static bool TryGetConstant(uint index, out ulong value)
    {
        ReadOnlySpan<uint> table = Constant;
        for (int i = 0; i < table.Length; i += 2)
        {
            if (table[i] == index)
            {
                value = table[i + 1];
                return true;
            }
        }

        value = 0;
        return false;
    }
}
