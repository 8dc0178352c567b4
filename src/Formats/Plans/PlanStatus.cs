namespace Ember.Formats.Plans;

/// <summary>Why a plan is not one.</summary>
public enum PlanStatus
{
    /// <summary>It is one.</summary>
    Good = 0,

    /// <summary>Shorter than the header.</summary>
    TooShort,

    /// <summary>Does not begin with the magic.</summary>
    MagicDiffers,

    /// <summary>Written by another version of the SDK.</summary>
    VersionUnknown,

    /// <summary>The length it states is not the length it has, or is above the limit.</summary>
    LengthDiffers,

    /// <summary>Its SHA-256 is not the one it states.</summary>
    DigestDiffers,

    /// <summary>More than <see cref="PlanHeader.MaximumCount"/> payloads.</summary>
    TooManyPayloads,

    /// <summary>More than <see cref="PlanHeader.MaximumCount"/> machines.</summary>
    TooManyMachines,

    /// <summary>The payload table does not follow the header.</summary>
    PayloadsMisplaced,

    /// <summary>The machine table does not follow the payload table.</summary>
    MachinesMisplaced,

    /// <summary>More than <see cref="PlanMachine.MaximumModuleCount"/> modules for each machine.</summary>
    TooManyModules,

    /// <summary>The module table does not follow the machine table.</summary>
    ModulesMisplaced,

    /// <summary>The text does not follow the module table, or does not end the plan.</summary>
    TextMisplaced,

    /// <summary>A reserved byte of the header is not zero.</summary>
    HeaderReserved,

    /// <summary>An unknown <see cref="AfterLastMachine"/>.</summary>
    AfterLastMachineUnknown,

    /// <summary>An unknown <see cref="LabCrash"/>.</summary>
    LabCrashUnknown,

    /// <summary>The product's name or version is empty, not ended or not printable ASCII.</summary>
    ProductInvalid,

    /// <summary>A payload's name is empty, not ended or no file name.</summary>
    PayloadNameInvalid,

    /// <summary>A payload is empty or larger than a file can be.</summary>
    PayloadLengthInvalid,

    /// <summary>A reserved byte of a payload is not zero.</summary>
    PayloadReserved,

    /// <summary>A machine's name is empty, not ended or has a character that no name may have.</summary>
    MachineNameInvalid,

    /// <summary>Two machines have one name.</summary>
    MachineNameTaken,

    /// <summary>A machine's memory is too small, too large or not a multiple of 2 MiB.</summary>
    MachineMemoryInvalid,

    /// <summary>A machine has no processor or too many.</summary>
    ProcessorCountInvalid,

    /// <summary>An unknown <see cref="BootProtocol"/>.</summary>
    BootProtocolUnknown,

    /// <summary>A machine's kernel is not in the payload table.</summary>
    KernelMissing,

    /// <summary>A machine has too many modules, or some that are not in the module table.</summary>
    ModulesInvalid,

    /// <summary>A machine's command line is too long, outside the text or not printable ASCII.</summary>
    CommandLineInvalid,

    /// <summary>An unknown <see cref="RestartPolicy"/>.</summary>
    RestartPolicyUnknown,

    /// <summary>A machine has no weight or too much.</summary>
    WeightInvalid,

    /// <summary>A machine's cap is above all the processors it may have.</summary>
    CapInvalid,

    /// <summary>An unknown <see cref="StartPolicy"/>.</summary>
    StartPolicyUnknown,

    /// <summary>A reserved byte of a machine is not zero.</summary>
    MachineReserved,

    /// <summary>A module's file is not in the payload table.</summary>
    ModulePayloadMissing,

    /// <summary>A module's text is too long, outside the text or not printable ASCII.</summary>
    ModuleTextInvalid,

    /// <summary>A reserved byte of a module is not zero.</summary>
    ModuleReserved,
}
