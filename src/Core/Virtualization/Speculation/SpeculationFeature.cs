namespace Ember.Core.Virtualization.Speculation;

/// <summary>A bit with which a processor says what it has or does not need: 32 for each word of <see cref="SpeculationFeatures"/>.</summary>
internal enum SpeculationFeature : byte
{
    // CPUID 7 EDX
    ClearsBuffers = 10,
    IndirectControl = 26,
    ThreadControl = 27,
    DataFlush = 28,
    Capabilities = 29,
    StoreControl = 31,

    // CPUID 7 EBX
    Transactions = 32 + 11,

    // CPUID 7, sub-leaf 2, EDX
    HistoryControl = 64 + 4,

    // CPUID 8000_0008h EBX
    AmdBarrier = 96 + 12,
    AmdThreadControl = 96 + 15,
    AmdStoreControl = 96 + 24,
    AmdVirtualStoreControl = 96 + 25,
    AmdStoresSafe = 96 + 26,
    AmdBranchTypesSafe = 96 + 29,

    // CPUID 8000_0021h EAX
    AmdClearsBuffers = 128 + 5,
    AmdAutomaticRestriction = 128 + 8,
    AmdReturnsCleared = 128 + 24,
    AmdReturnsSafe = 128 + 29,

    // CPUID 8000_0021h ECX
    AmdStoreQueueSafe = 160 + 1,
    AmdDataCacheSafe = 160 + 2,

    // The MSR IA32_ARCH_CAPABILITIES
    DataCacheSafe = 192 + 0,
    IndirectAlwaysRestricted = 192 + 1,
    EntryFlushNeedless = 192 + 3,
    StoresSafe = 192 + 4,
    BuffersSafe = 192 + 5,
    TransactionsSafe = 192 + 8,
    FillBufferSafe = 192 + 14,
    PrimaryBufferSafe = 192 + 15,
    ClearsFillBuffers = 192 + 17,
    HistorySafe = 192 + 20,
    RegisterFilesSafe = 192 + 27,
    ClearsRegisterFiles = 192 + 28,

    // What is found out otherwise
    Always = 224,
    Intel = 225,

    /// <summary>AMD, and compatible, from family 10h on.</summary>
    Amd = 226,
    Amd15 = 227,
    Amd16 = 228,
    Amd17 = 229,

    /// <summary>AMD Zen 1 to 4: families 17h to 19h.</summary>
    AmdZen = 230,
    Never = 255,
}
