using System;
using F = Ember.Core.Virtualization.Speculation.SpeculationFeature;
using M = Ember.Core.Virtualization.Speculation.SpeculationMeasures;

namespace Ember.Core.Virtualization.Speculation;

/// <summary>
/// Which measure is taken when, and why. A row holds if the processor has both features and neither exemption. A guest finds none
/// of this in CPUID and gets #GP from its MSRs, so what is set at start stays as it is.
/// </summary>
internal static class SpeculationTable
{
    private const byte Yes = (byte)F.Always;
    private const byte No = (byte)F.Never;

    /// <summary>Feature, feature, exemption, exemption, number of the measure's bit.</summary>
    public const int Columns = 5;

    /// <summary>The rows, under the attack they are against and the document that prescribes them.</summary>
    public static ReadOnlySpan<byte> Rows =>
    [
        // Spectre variant 2, another guest's training. Intel, Speculative Execution Side Channel Mitigations (336996), 2.5;
        // AMD, Software Techniques for Managing Speculation, mitigation V2-4.
        (byte)F.IndirectControl, Yes, No, No, 21,
        (byte)F.AmdBarrier, Yes, No, No, 21,

        // Spectre variant 2, a guest's training against the core. Intel 336996, 2.4: IBRS; enhanced, once is enough; else it has to
        // be written again after each exit. AMD APM volume 2, 3.1.7: automatic IBRS.
        (byte)F.IndirectControl, Yes, No, No, 0,
        (byte)F.IndirectControl, Yes, (byte)F.IndirectAlwaysRestricted, No, 25,
        (byte)F.AmdAutomaticRestriction, Yes, No, No, 16,

        // Spectre variant 2, the other thread's training. Intel 336996, 2.4.2: enhanced IBRS does this too. AMD, Architecture
        // Guidelines around Indirect Branch Control.
        (byte)F.ThreadControl, Yes, (byte)F.IndirectAlwaysRestricted, No, 1,
        (byte)F.AmdThreadControl, Yes, No, No, 1,

        // Branch history injection. Intel, Branch History Injection and Intra-mode Branch Target Injection.
        (byte)F.HistoryControl, Yes, (byte)F.HistorySafe, No, 10,

        // Returns predicted by a guest's calls. Intel, Retpoline: A Branch Target Injection Mitigation (337131), and Post-barrier
        // Return Stack Buffer Predictions. AMD, Software Techniques, mitigation V2-3; from ERAPS on the processor does it itself.
        (byte)F.Intel, Yes, No, No, 26,
        (byte)F.Amd, Yes, (byte)F.AmdReturnsCleared, No, 26,

        // Branch type confusion, and Inception: the core's own returns, misled. AMD, Technical Guidance for Mitigating Branch Type
        // Confusion; Technical Update Regarding Speculative Return Stack Overflow.
        (byte)F.AmdBarrier, (byte)F.AmdZen, (byte)F.AmdReturnsSafe, No, 24,
        (byte)F.AmdBarrier, (byte)F.Amd17, (byte)F.AmdBranchTypesSafe, No, 24,

        // Speculative store bypass: a guest cannot ask for it, so it is on for all. Intel 336996, 2.6. AMD, Speculative Store Bypass
        // Disable.
        (byte)F.StoreControl, Yes, (byte)F.StoresSafe, No, 2,
        (byte)F.AmdStoreControl, Yes, (byte)F.AmdStoresSafe, No, 2,
        (byte)F.AmdVirtualStoreControl, Yes, (byte)F.AmdStoresSafe, (byte)F.AmdStoreControl, 17,
        (byte)F.Amd15, Yes, (byte)F.AmdStoresSafe, (byte)F.AmdStoreControl, 18,
        (byte)F.Amd16, Yes, (byte)F.AmdStoresSafe, (byte)F.AmdStoreControl, 19,
        (byte)F.Amd17, Yes, (byte)F.AmdStoresSafe, (byte)F.AmdStoreControl, 20,

        // L1 terminal fault. Intel, L1 Terminal Fault, Deep Dive.
        (byte)F.DataFlush, (byte)F.Intel, (byte)F.DataCacheSafe, (byte)F.EntryFlushNeedless, 29,

        // Data sampled from buffers: MDS, TSX asynchronous abort, stale data of devices, register files. Intel, Deep Dives of each.
        (byte)F.ClearsBuffers, Yes, (byte)F.BuffersSafe, No, 28,
        (byte)F.ClearsBuffers, (byte)F.Transactions, (byte)F.TransactionsSafe, No, 28,
        (byte)F.ClearsFillBuffers, Yes, (byte)F.FillBufferSafe, No, 28,
        (byte)F.ClearsFillBuffers, Yes, (byte)F.PrimaryBufferSafe, No, 28,
        (byte)F.ClearsRegisterFiles, Yes, (byte)F.RegisterFilesSafe, No, 28,

        // Transient scheduler attacks. AMD, Technical Guidance for Mitigating Transient Scheduler Attacks.
        (byte)F.AmdClearsBuffers, Yes, (byte)F.AmdStoreQueueSafe, No, 28,
        (byte)F.AmdClearsBuffers, Yes, (byte)F.AmdDataCacheSafe, No, 28,
    ];

    /// <summary>What the table says for a processor.</summary>
    public static M Decide(in SpeculationFeatures features)
    {
        M measures = M.None;
        ReadOnlySpan<byte> rows = Rows;
        for (int row = 0; row < rows.Length; row += Columns)
        {
            if (features.Has((F)rows[row]) && features.Has((F)rows[row + 1])
                && !features.Has((F)rows[row + 2]) && !features.Has((F)rows[row + 3]))
            {
                measures |= (M)(1u << rows[row + 4]);
            }
        }

        return measures;
    }
}
