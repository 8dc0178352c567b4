using System.Runtime.CompilerServices;
using Ember.Core.Devices;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Machines;

/// <content>Model-specific registers that exit.</content>
internal unsafe partial struct VirtualProcessor<TProcessor>
{
    private const ulong ChangeableEfer = Efer.SystemCallExtensions | Efer.LongModeEnable | Efer.NoExecuteEnable | Efer.FastFxsave;

    private TurnEnd HandleMsrRead(in VmExit exit)
    {
        ref GuestRegisters registers = ref _processor.Registers;
        if (!TryReadMsr((uint)registers.Rcx, out ulong value))
        {
            return RefuseMsr(isWrite: false);
        }

        registers.Rax = (uint)value;
        registers.Rdx = value >> 32;
        return Skip(in exit);
    }

    private TurnEnd HandleMsrWrite(in VmExit exit)
    {
        ref GuestRegisters registers = ref _processor.Registers;
        ulong value = (registers.Rdx << 32) | (uint)registers.Rax;
        return TryWriteMsr((uint)registers.Rcx, value) ? Skip(in exit) : RefuseMsr(isWrite: true);
    }

    private TurnEnd RefuseMsr(bool isWrite)
    {
        _machine->Console.ReportRefusedMsr((uint)_processor.Registers.Rcx, isWrite, _processor.InstructionPointer);
        _processor.InjectException(GeneralProtection, 0);
        return TurnEnd.None;
    }

    private bool TryReadMsr(uint index, out ulong value)
    {
        switch (index)
        {
            case ModelSpecificRegister.Efer:
                value = _processor.Efer;
                return true;
            case ModelSpecificRegister.PageAttributeTable:
                value = _processor.PageAttributeTable;
                return true;
            case ModelSpecificRegister.TimeStampCounter:
                value = Cpu.ReadTimeStampCounter();
                return true;
        }

        MsrStatus status = _machine->Chipset.ReadMsr(_number, index, _timer->Now, out value);
        return status == MsrStatus.Done || (status == MsrStatus.NotMine && GuestMsrs.TryGetConstant(index, out value));
    }

    /// <summary>The end of an interrupt first: it is written more often than all others together.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryWriteMsr(uint index, ulong value) => index == LocalApic.EndOfInterruptMsr
        ? _machine->Chipset.WriteEndOfInterrupt(_number, value) == MsrStatus.Done
        : TryWriteOtherMsr(index, value);

    private bool TryWriteOtherMsr(uint index, ulong value)
    {
        switch (index)
        {
            case ModelSpecificRegister.Efer:
                return TryWriteEfer(value);
            case ModelSpecificRegister.PageAttributeTable:
                if (!IsPageAttributeTable(value))
                {
                    return false;
                }

                _processor.PageAttributeTable = value;
                return true;
        }

        MsrStatus status = _machine->Chipset.WriteMsr(_number, index, value, _timer->Now);
        PassPriority();
        NotifyOthers();
        return status == MsrStatus.Done || (status == MsrStatus.NotMine && GuestMsrs.TryGetConstant(index, out _));
    }

    /// <summary>LMA is read-only, and LME cannot change while paging is on (AMD APM volume 2, section 3.1.7).</summary>
    private bool TryWriteEfer(ulong value)
    {
        ulong old = _processor.Efer;
        if ((value & ~(ChangeableEfer | Efer.LongModeActive)) != 0
            || (((old ^ value) & Efer.LongModeEnable) != 0 && (_processor.Paging.Cr0 & Cr0.Paging) != 0))
        {
            return false;
        }

        _processor.Efer = (value & ChangeableEfer) | (old & Efer.LongModeActive);
        return true;
    }

    /// <summary>Each of the eight entries is a defined memory type (AMD APM volume 2, section 7.8.1).</summary>
    [LoopBound(8, "entries of the register")]
    private static bool IsPageAttributeTable(ulong value)
    {
        for (int entry = 0; entry < 8; entry++)
        {
            if ((byte)(value >> (entry * 8)) is not (0 or 1 or 4 or 5 or 6 or 7))
            {
                return false;
            }
        }

        return true;
    }
}
