using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Plans;

/// <summary>A compiled plan, read where it lies. <see cref="TryRead"/> checks everything once; what the accessors return
/// needs no further check.</summary>
public readonly unsafe ref struct Plan
{
    private readonly ReadOnlySpan<byte> _bytes;

    private Plan(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The header.</summary>
    public ref readonly PlanHeader Header => ref At<PlanHeader>(0);

    /// <summary>Reads a plan.</summary>
    /// <param name="bytes">The whole file, from anywhere: nothing in it is believed.</param>
    /// <param name="plan">The plan, over <paramref name="bytes"/>, when the status is <see cref="PlanStatus.Good"/>;
    /// otherwise empty and not to be used.</param>
    public static PlanStatus TryRead(ReadOnlySpan<byte> bytes, out Plan plan)
    {
        Plan candidate = new(bytes);
        PlanStatus status = candidate.CheckWhole();
        for (int i = 0; status == PlanStatus.Good && i < (int)candidate.Header.PayloadCount; i++)
        {
            status = candidate.CheckPayload(i);
        }

        for (int i = 0; status == PlanStatus.Good && i < (int)candidate.Header.MachineCount; i++)
        {
            status = candidate.CheckMachine(i);
        }

        for (int i = 0; status == PlanStatus.Good && i < (int)candidate.Header.ModuleCount; i++)
        {
            status = candidate.CheckModule(i);
        }

        plan = status == PlanStatus.Good ? candidate : default;
        return status;
    }

    /// <summary>An entry of the payload table.</summary>
    /// <param name="index">0 to <see cref="PlanHeader.PayloadCount"/> - 1.</param>
    public ref readonly PlanPayload Payload(int index) =>
        ref At<PlanPayload>((int)Header.PayloadOffset + (index * PlanPayload.Size));

    /// <summary>An entry of the machine table.</summary>
    /// <param name="index">0 to <see cref="PlanHeader.MachineCount"/> - 1.</param>
    public ref readonly PlanMachine Machine(int index) =>
        ref At<PlanMachine>((int)Header.MachineOffset + (index * PlanMachine.Size));

    /// <summary>An entry of the module table.</summary>
    /// <param name="index">0 to <see cref="PlanHeader.ModuleCount"/> - 1; of a machine's, from <see cref="PlanMachine.FirstModule"/>
    /// on.</param>
    public ref readonly PlanModule Module(int index) =>
        ref At<PlanModule>((int)Header.ModuleOffset + (index * PlanModule.Size));

    /// <summary>A module's text, ASCII, without a terminator.</summary>
    /// <param name="module">One of this plan's modules.</param>
    public ReadOnlySpan<byte> TextOf(in PlanModule module) => Text.Slice((int)module.TextOffset, (int)module.TextLength);

    /// <summary>A machine's command line, ASCII, without a terminator.</summary>
    /// <param name="machine">One of this plan's machines.</param>
    public ReadOnlySpan<byte> CommandLine(in PlanMachine machine) =>
        Text.Slice((int)machine.CommandLineOffset, (int)machine.CommandLineLength);

    /// <summary>A payload's file name, ASCII.</summary>
    public static ReadOnlySpan<byte> NameOf(in PlanPayload payload) => FieldText.BeforeZero(payload.Name);

    /// <summary>A machine's name, ASCII.</summary>
    public static ReadOnlySpan<byte> NameOf(in PlanMachine machine) => FieldText.BeforeZero(machine.Name);

    /// <summary>The product's name, ASCII.</summary>
    public static ReadOnlySpan<byte> ProductOf(in PlanHeader header) => FieldText.BeforeZero(header.Product);

    /// <summary>The product's version, ASCII.</summary>
    public static ReadOnlySpan<byte> ProductVersionOf(in PlanHeader header) =>
        FieldText.BeforeZero(header.ProductVersion);

    /// <summary>The vendor's banner, ASCII; empty for none.</summary>
    public static ReadOnlySpan<byte> BannerOf(in PlanHeader header) => FieldText.BeforeZero(header.Banner);

    private ReadOnlySpan<byte> Text => _bytes.Slice((int)Header.TextOffset, (int)Header.TextLength);

    private PlanStatus CheckWhole()
    {
        if (_bytes.Length < PlanHeader.Size)
        {
            return PlanStatus.TooShort;
        }

        ref readonly PlanHeader header = ref Header;
        if (header.Magic != PlanHeader.MagicValue)
        {
            return PlanStatus.MagicDiffers;
        }

        if (header.Version != PlanHeader.CurrentVersion)
        {
            return PlanStatus.VersionUnknown;
        }

        if (header.TotalLength != (uint)_bytes.Length || _bytes.Length > PlanHeader.MaximumLength)
        {
            return PlanStatus.LengthDiffers;
        }

        return DigestMatches(in header) ? CheckHeader(in header) : PlanStatus.DigestDiffers;
    }

    private bool DigestMatches(in PlanHeader header)
    {
        Sha256Digest computed = default;
        Sha256.Hash(_bytes.Slice(PlanHeader.DigestedOffset), computed);
        return FieldText.AreEqual(computed, header.Digest);
    }

    private PlanStatus CheckHeader(in PlanHeader header)
    {
        if (header.PayloadCount > PlanHeader.MaximumCount)
        {
            return PlanStatus.TooManyPayloads;
        }

        if (header.MachineCount > PlanHeader.MaximumCount)
        {
            return PlanStatus.TooManyMachines;
        }

        if (header.PayloadOffset != PlanHeader.Size)
        {
            return PlanStatus.PayloadsMisplaced;
        }

        uint machines = PlanHeader.Size + (header.PayloadCount * PlanPayload.Size);
        if (header.MachineOffset != machines)
        {
            return PlanStatus.MachinesMisplaced;
        }

        if (header.ModuleCount > header.MachineCount * PlanMachine.MaximumModuleCount)
        {
            return PlanStatus.TooManyModules;
        }

        uint modules = machines + (header.MachineCount * PlanMachine.Size);
        if (header.ModuleOffset != modules)
        {
            return PlanStatus.ModulesMisplaced;
        }

        uint text = modules + (header.ModuleCount * PlanModule.Size);
        if (header.TextOffset != text || text > header.TotalLength || header.TextLength != header.TotalLength - text)
        {
            return PlanStatus.TextMisplaced;
        }

        if (!FieldText.IsZero(_bytes.Slice(PlanHeader.ReservedOffset, PlanHeader.Size - PlanHeader.ReservedOffset)))
        {
            return PlanStatus.HeaderReserved;
        }

        if (header.AfterLastMachine > AfterLastMachine.Stay)
        {
            return PlanStatus.AfterLastMachineUnknown;
        }

        if (header.LabCrash > LabCrash.CheckFailed)
        {
            return PlanStatus.LabCrashUnknown;
        }

        return FieldText.IsText(header.Product) && FieldText.IsText(header.ProductVersion)
            && (FieldText.IsZero(header.Banner) || FieldText.IsText(header.Banner))
            ? PlanStatus.Good
            : PlanStatus.ProductInvalid;
    }

    private PlanStatus CheckPayload(int index)
    {
        ref readonly PlanPayload payload = ref Payload(index);
        if (!FieldText.IsTerminated(payload.Name) || !FieldText.IsFileName(NameOf(in payload)))
        {
            return PlanStatus.PayloadNameInvalid;
        }

        if (payload.Length is 0 or > PlanPayload.MaximumLength)
        {
            return PlanStatus.PayloadLengthInvalid;
        }

        int start = (int)Header.PayloadOffset + (index * PlanPayload.Size);
        return FieldText.IsZero(Reserved(start, PlanPayload.ReservedOffset, PlanPayload.Size))
            ? PlanStatus.Good
            : PlanStatus.PayloadReserved;
    }

    private PlanStatus CheckMachine(int index)
    {
        ref readonly PlanMachine machine = ref Machine(index);
        if (!FieldText.IsTerminated(machine.Name) || !FieldText.IsMachineName(NameOf(in machine)))
        {
            return PlanStatus.MachineNameInvalid;
        }

        if (IsNameTaken(index))
        {
            return PlanStatus.MachineNameTaken;
        }

        if (machine.MemoryBytes is < PlanMachine.MinimumMemoryBytes or > PlanMachine.MaximumMemoryBytes
            || machine.MemoryBytes % PlanMachine.MemoryGranule != 0)
        {
            return PlanStatus.MachineMemoryInvalid;
        }

        if (machine.ProcessorCount is 0 or > PlanMachine.MaximumProcessorCount)
        {
            return PlanStatus.ProcessorCountInvalid;
        }

        if (machine.BootProtocol is < BootProtocol.Linux64 or > BootProtocol.Multiboot)
        {
            return PlanStatus.BootProtocolUnknown;
        }

        if (machine.KernelPayload >= Header.PayloadCount)
        {
            return PlanStatus.KernelMissing;
        }

        uint most = machine.BootProtocol == BootProtocol.Linux64 ? 1 : PlanMachine.MaximumModuleCount;
        if (machine.ModuleCount > most || (ulong)machine.FirstModule + machine.ModuleCount > Header.ModuleCount)
        {
            return PlanStatus.ModulesInvalid;
        }

        if (!IsLine(machine.CommandLineOffset, machine.CommandLineLength))
        {
            return PlanStatus.CommandLineInvalid;
        }

        PlanStatus scheduling = CheckScheduling(in machine);
        if (scheduling != PlanStatus.Good)
        {
            return scheduling;
        }

        int start = (int)Header.MachineOffset + (index * PlanMachine.Size);
        return FieldText.IsZero(Reserved(start, PlanMachine.ReservedOffset, PlanMachine.Size))
            ? PlanStatus.Good
            : PlanStatus.MachineReserved;
    }

    private static PlanStatus CheckScheduling(in PlanMachine machine)
    {
        if (machine.Restart > RestartPolicy.Always)
        {
            return PlanStatus.RestartPolicyUnknown;
        }

        if (machine.Weight is 0 or > PlanMachine.MaximumWeight)
        {
            return PlanStatus.WeightInvalid;
        }

        if (machine.Cap > PlanMachine.MaximumCap)
        {
            return PlanStatus.CapInvalid;
        }

        return machine.Start > StartPolicy.OnRequest ? PlanStatus.StartPolicyUnknown : PlanStatus.Good;
    }

    /// <summary>Whether a machine before this one has its name.</summary>
    private bool IsNameTaken(int index)
    {
        ReadOnlySpan<byte> name = NameOf(in Machine(index));
        for (int i = 0; i < index; i++)
        {
            if (FieldText.AreEqual(NameOf(in Machine(i)), name))
            {
                return true;
            }
        }

        return false;
    }

    private PlanStatus CheckModule(int index)
    {
        ref readonly PlanModule module = ref Module(index);
        if (module.Payload >= Header.PayloadCount)
        {
            return PlanStatus.ModulePayloadMissing;
        }

        if (!IsLine(module.TextOffset, module.TextLength))
        {
            return PlanStatus.ModuleTextInvalid;
        }

        int start = (int)Header.ModuleOffset + (index * PlanModule.Size);
        return FieldText.IsZero(Reserved(start, PlanModule.ReservedOffset, PlanModule.Size))
            ? PlanStatus.Good
            : PlanStatus.ModuleReserved;
    }

    /// <summary>Whether a range of the text is a command line, or a module's.</summary>
    private bool IsLine(uint offset, uint length) =>
        length <= PlanMachine.MaximumCommandLineLength
        && (ulong)offset + length <= Header.TextLength
        && FieldText.IsPrintable(Text.Slice((int)offset, (int)length));

    private ReadOnlySpan<byte> Reserved(int entry, int reserved, int size) => _bytes.Slice(entry + reserved, size - reserved);

    private ref readonly T At<T>(int offset)
        where T : unmanaged =>
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(_bytes.Slice(offset, sizeof(T))));
}
