using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Audit;

/// <content>Ember's own core.</content>
public sealed partial record AuditPolicy
{
    private const string InterruptTable = "EmberInterruptEntries";

    private const string Startup = "Internal_CompilerGenerated__Module___NativeLibraryStartup";

    private const uint Page = 4 << 10;

    /// <summary>What every image may be given at least (UEFI 2.10, section 2.3.4: 128 KiB or more).</summary>
    private const uint FirmwareStack = 128 << 10;

    /// <summary>
    /// The specification says nothing about what boot services need: half of what it guarantees is left to them. Runtime services need
    /// 4 KiB (section 2.3.4 too).
    /// </summary>
    private const uint BootServiceStack = FirmwareStack / 2;

    /// <summary><c>HostProcessor.StackBytes</c> without the guard page.</summary>
    private const uint CoreStack = (68 << 10) - Page;

    /// <summary><c>HostProcessor.InterruptStackBytes</c> without the guard page.</summary>
    private const uint InterruptStack = (20 << 10) - Page;

    /// <summary>Calls within calls, deeper than any processor's stack of predicted returns.</summary>
    private static Dictionary<string, IReadOnlyList<string>> ReturnFillers =>
        Enumerable.Range(1, 32).ToDictionary(i => $"EmberFillReturn{i}", IReadOnlyList<string> (_) => []);

    /// <summary>Before an entry where its exit goes; behind the exit what it was.</summary>
    private static string[] VmxEntry =>
    [
        "vmwrite rax,rsp", "vmwrite rax,rdx", "vmread [rcx+0E0h],rax", "vmread [rcx+0E8h],rax", "vmread [rcx+0F0h],rax",
        "vmread [rcx+0F8h],rax",
    ];

    /// <summary>The policy for <c>core.efi</c> as <c>src/Core</c> builds it.</summary>
    public static AuditPolicy Core { get; } = new()
    {
        Entries =
        [
            new AuditEntry("EfiMain", "the firmware's stack", FirmwareStack, BootServiceStack),
            new AuditEntry("EmberMainOnStack", "the core's stack", CoreStack, Page) { SwitchesStack = true, TakesInterrupts = true },
            new AuditEntry("EmberProcessorEntry", "the stack of another processor", CoreStack, Page)
            {
                SwitchesStack = true,
                TakesInterrupts = true,
            },
            new AuditEntry("EmberOverflowStack", "the guard page, hit on purpose,", sizeof(ulong), 0) { SwitchesStack = true },
        ],
        Interrupts = new InterruptEntries(
            new CodeTable(InterruptTable, 256, 8),
            [8, 10, 11, 12, 13, 14, 17, 21, 29, 30],
            new Dictionary<string, int> { ["EmberInterruptWithoutError"] = 8, ["EmberInterruptWithError"] = 16 },
            [
                "interrupt stack 1 (exceptions)", "interrupt stack 2 (double fault)", "interrupt stack 3 (NMI)",
                "interrupt stack 4 (machine check)",
            ],
            InterruptStack),
        Stubs = new Dictionary<string, IReadOnlyList<string>>(ReturnFillers)
        {
            ["EmberIn8"] = ["in al,dx"],
            ["EmberIn16"] = ["in ax,dx"],
            ["EmberIn32"] = ["in eax,dx"],
            ["EmberOut8"] = ["out dx,al"],
            ["EmberOut16"] = ["out dx,ax"],
            ["EmberOut32"] = ["out dx,eax"],
            ["EmberCpuid"] = ["cpuid"],
            ["EmberReadMsr"] = ["rdmsr"],
            ["EmberWriteMsr"] = ["wrmsr"],
            ["EmberReadTimeStampCounter"] = ["rdtsc"],
            ["EmberReadCr0"] = ["mov rax,cr0"],
            ["EmberReadCr2"] = ["mov rax,cr2"],
            ["EmberReadCr3"] = ["mov rax,cr3"],
            ["EmberReadCr4"] = ["mov rax,cr4"],
            ["EmberWriteCr0"] = ["mov cr0,rcx"],
            ["EmberWriteCr2"] = ["mov cr2,rcx"],
            ["EmberWriteCr3"] = ["mov cr3,rcx"],
            ["EmberWriteCr4"] = ["mov cr4,rcx"],
            ["EmberReadXcr0"] = ["xgetbv"],
            ["EmberWriteXcr0"] = ["xsetbv"],
            ["EmberLoadGdt"] =
                ["lgdt [rcx]", "mov ds,r8w", "mov es,r8w", "mov ss,r8w", "mov fs,ax", "mov gs,ax", "data64 ret far"],
            ["EmberReadDr6"] = ["mov rax,dr6"],
            ["EmberWriteDr6"] = ["mov dr6,rcx"],
            ["EmberReadDebugRegisters"] = ["mov rax,dr0", "mov rax,dr1", "mov rax,dr2", "mov rax,dr3"],
            ["EmberWriteDebugRegisters"] = ["mov dr0,rax", "mov dr1,rax", "mov dr2,rax", "mov dr3,rax"],
            ["EmberSaveExtended"] = ["xsave64 [rcx]"],
            ["EmberRestoreExtended"] = ["xrstor64 [rcx]"],
            ["EmberSaveFloatingPoint"] = ["fxsave64 [rcx]"],
            ["EmberRestoreFloatingPoint"] = ["fxrstor64 [rcx]"],
            ["EmberStoreGdt"] = ["sgdt [rcx]"],
            ["EmberStoreIdt"] = ["sidt [rcx]"],
            ["EmberLoadIdt"] = ["lidt [rcx]"],
            ["EmberLoadTaskRegister"] = ["ltr cx"],
            ["EmberDisableInterrupts"] = ["cli"],
            ["EmberWaitForInterrupt"] = ["sti", "hlt", "cli"],
            ["EmberTakeInterrupts"] = ["sti", "cli"],
            ["EmberTakeNonMaskableInterrupt"] = ["int 2"],
            ["EmberPause"] = [],
            ["EmberHalt"] = ["cli", "hlt"],
            ["EmberCheckFailed"] = [],
            ["EmberTripleFault"] = ["lidt [rsp]"],
            ["EmberOverflowStack"] = [],
            ["EmberMainOnStack"] = [],
            ["EmberProcessorEntry"] = [],
            ["EmberProcessorEntryAddress"] = [],
            ["EmberTrampolineAddress"] = [],
            ["EmberMoveMemory"] = ["std", "cld"],
            ["EmberFillMemory"] = [],
            ["EmberClearMemory"] = [],
            ["EmberClearMemoryWide"] = ["xgetbv", "xsetbv"],
            [InterruptTable] = [],
            ["EmberInterruptEntriesAddress"] = [],
            ["EmberInterruptWithoutError"] = [],
            ["EmberInterruptWithError"] = ["cld", "iretq"],
            ["EmberSvmRun"] = ["clgi", "sti", "vmload rax", "vmrun rax", "vmsave rax", "cli", "stgi"],
            ["EmberSvmRunGuarded"] = ["clgi", "sti", "vmload rax", "vmrun rax", "vmsave rax", "cli", "stgi"],
            ["EmberSvmSaveHost"] = ["vmsave rax"],
            ["EmberVmxOn"] = ["vmxon [rsp]"],
            ["EmberVmxClear"] = ["vmclear [rsp]"],
            ["EmberVmxLoad"] = ["vmptrld [rsp]"],
            ["EmberVmxInvalidateNested"] = ["invept rcx,[rsp]"],
            ["EmberVmxInvalidateLinear"] = ["invvpid rcx,[rsp]"],
            ["EmberVmxRead"] = ["vmread rax,rcx"],
            ["EmberVmxWrite"] = ["vmwrite rcx,rdx"],
            ["EmberVmxLaunch"] = [.. VmxEntry, "vmlaunch"],
            ["EmberVmxResume"] = [.. VmxEntry, "vmresume"],
            ["EmberGuardEntry"] = ["wrmsr", "verw [rsp]"],
            ["EmberGuardExit"] = ["wrmsr"],
            ["EmberDispatch"] = [],
            ["EmberSymbolTableAddress"] = [],
            ["RhpReversePInvoke"] = [],
            ["RhpReversePInvokeReturn"] = [],
            ["RhpPInvoke"] = [],
            ["RhpPInvokeReturn"] = [],
        },
        WideStubs = ["EmberClearMemoryWide"],
        Assemblies = ["Ember.CoreLib", "Ember.Formats", "Ember.Platform", "Ember.Core"],
        CompilerPieces =
        [
            // Tables for reflection, generics and start-up code: empty, or of a run time that is not there.
            "__embedded_metadata",
            "__embedded_resourceindex",
            "__type_to_metadata_map",
            "__type_to_cctorContext_map",
            "__method_to_entrypoint_map",
            "__delegate_marshalling_stub_map",
            "__struct_marshalling_stub_map",
            "__array_type_map",
            "__ptr_type_map",
            "__byref_type_map",
            "__fnptr_type_map",
            "__field_to_offset_map",
            "__exact_method_instantiations",
            "__generic_types_hashtable",
            "__generic_methods_hashtable",
            "__gvm_table",
            "__interface_gvm_table",
            "__GenericMethodsTemplateMap",
            "__GenericTypesTemplateMap",
            "_StaticsInfoHashtableNode",
            "__VirtualInvokeMap",
            "_stacktrace_methodRVA_to_token_mapping",
            "__readonlydata_g_requiredCpuFeatures",
            "g_compilerEmbeddedKnobsBlob",
            "g_compilerEmbeddedSettingsBlob",
            "__ReadyToRunHeader",
            "__Module",
            "__typemanager_indirection",
            "__FrozenSegmentStart",

            // The pointer of the guard, the table of function names and the trampoline: data of Ember.Stubs.
            "__guard_dispatch_icall_fptr", "EmberSymbolTable", "EmberTrampoline",

            // What ilc makes of --nativelib for a host program that starts the library's run time.
            Startup, "_unwind0" + Startup,
        ],
        NeverEntered = [Startup],
        ForbiddenNames =
        [
            "RhpNew*", "RhNew*", "RhpThrow*", "RhThrow*", "RhpRethrow*", "RhpCallCatchFunclet*", "RhpCallFinallyFunclet*",
            "RhpInitialDynamicInterfaceDispatch*", "RhpInitialInterfaceDispatch*", "RhpAssignRef*", "RhpCheckedAssignRef*",
            "RhpStelemRef*", "RhpGcPoll*", "RhpTrapThreads*", "RhpStackProbe*", "RhpFallbackFailFast*", "RhpGetThread*",
            "*CheckStaticClassConstruction", "__EagerCctor*", "__GCStaticRegion*", "__ThreadStaticRegion*", "?__GCSTATICS*",
            "?__THREADSTATICS*", "_tls_index", "__security_cookie",
        ],
        ExitPaths =
        [
            new ExitPath("Ember.Core.Startup.ProcessorLoop<SvmProcessor>.Turn(UInt64)", ["EmberSvmRun", "EmberSvmRunGuarded"]),
            new ExitPath("Ember.Core.Startup.ProcessorLoop<VmxProcessor>.Turn(UInt64)", ["EmberVmxLaunch", "EmberVmxResume"]),
        ],
        CopiedCode =
        [
            new CopiedCode(
                "EmberTrampoline",
                [
                    new CopiedCodePart(
                        16, 0, 0x40,
                        [
                            "cli", "cld", "mov ax,cs", "mov ds,ax", "lgdt [70h]", "mov eax,620h", "mov cr4,eax", "mov eax,[80h]",
                            "mov cr3,eax", "mov eax,900h", "xor edx,edx", "mov ecx,0C0000080h", "wrmsr", "mov eax,80010033h",
                            "mov cr0,eax", "jmp far fword ptr [78h]",
                        ]),
                    new CopiedCodePart(64, 0x40, 0x60, ["mov rax,[90h]", "mov rcx,[rax]", "mov rdx,[rax+8]", "jmp qword ptr [88h]"]),
                ]),
        ],
        Dispatch = "EmberDispatch",
        DispatchPointer = "__guard_dispatch_icall_fptr",
        AddressTakers = new Dictionary<string, string>
        {
            ["EmberInterruptEntriesAddress"] = InterruptTable,
            ["EmberProcessorEntryAddress"] = "EmberProcessorEntry",
            ["EmberLoadGdt"] = "EmberLoadGdt",
            ["EmberVmxLaunch"] = "EmberVmxLaunch",
            ["EmberVmxResume"] = "EmberVmxResume",
        },
    };
}
