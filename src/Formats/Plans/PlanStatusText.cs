using System;

namespace Ember.Formats.Plans;

/// <summary>What the core says about a plan it refuses.</summary>
public static class PlanStatusText
{
    /// <summary>The status in words that complete "appliance.plan: ", ASCII.</summary>
    public static ReadOnlySpan<byte> Of(PlanStatus status) => status switch
    {
        PlanStatus.Good => "good"u8,
        PlanStatus.TooShort => "shorter than its header"u8,
        PlanStatus.MagicDiffers => "not a plan"u8,
        PlanStatus.VersionUnknown => "of a version this core does not know"u8,
        PlanStatus.LengthDiffers => "length differs from the file's"u8,
        PlanStatus.DigestDiffers => "SHA-256 differs"u8,
        PlanStatus.TooManyPayloads => "too many payloads"u8,
        PlanStatus.TooManyMachines => "too many machines"u8,
        PlanStatus.PayloadsMisplaced => "payload table misplaced"u8,
        PlanStatus.MachinesMisplaced => "machine table misplaced"u8,
        PlanStatus.TooManyModules => "too many modules"u8,
        PlanStatus.ModulesMisplaced => "module table misplaced"u8,
        PlanStatus.TextMisplaced => "text misplaced"u8,
        PlanStatus.HeaderReserved => "reserved byte of the header set"u8,
        PlanStatus.AfterLastMachineUnknown => "unknown action after the last machine"u8,
        PlanStatus.LabCrashUnknown => "unknown lab crash"u8,
        PlanStatus.ProductInvalid => "product name, version or banner invalid"u8,
        PlanStatus.PayloadNameInvalid => "payload name invalid"u8,
        PlanStatus.PayloadLengthInvalid => "payload length invalid"u8,
        PlanStatus.PayloadReserved => "reserved byte of a payload set"u8,
        PlanStatus.MachineNameInvalid => "machine name invalid"u8,
        PlanStatus.MachineNameTaken => "machine name used twice"u8,
        PlanStatus.MachineMemoryInvalid => "machine memory invalid"u8,
        PlanStatus.ProcessorCountInvalid => "processor count invalid"u8,
        PlanStatus.BootProtocolUnknown => "unknown boot protocol"u8,
        PlanStatus.KernelMissing => "kernel not in the payload table"u8,
        PlanStatus.ModulesInvalid => "machine's modules not in the module table"u8,
        PlanStatus.CommandLineInvalid => "command line invalid"u8,
        PlanStatus.RestartPolicyUnknown => "unknown restart policy"u8,
        PlanStatus.WeightInvalid => "machine weight invalid"u8,
        PlanStatus.CapInvalid => "machine cap invalid"u8,
        PlanStatus.StartPolicyUnknown => "unknown start policy"u8,
        PlanStatus.MachineReserved => "reserved byte of a machine set"u8,
        PlanStatus.ModulePayloadMissing => "module not in the payload table"u8,
        PlanStatus.ModuleTextInvalid => "module text invalid"u8,
        PlanStatus.ModuleReserved => "reserved byte of a module set"u8,
        _ => "unknown status"u8,
    };
}
