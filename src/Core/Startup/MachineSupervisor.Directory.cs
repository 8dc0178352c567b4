using Ember.Core.Console;
using Ember.Core.Machines;

namespace Ember.Core.Startup;

/// <content>The machines as the console's menu sees them.</content>
internal unsafe partial struct MachineSupervisor<TProcessor> : IMachineDirectory
{
    public readonly int Count => _count;

    public readonly MachineSummary Describe(int index)
    {
        ref MachineDescription described = ref _descriptions[index];
        bool holds = _machines[index].Phase is MachinePhase.Running or MachinePhase.Stopping or MachinePhase.Finished;
        return new MachineSummary
        {
            Name = _machines[index].Console.Name,
            State = described.State,
            ProcessorCount = described.ProcessorCount,
            MemoryBytes = described.MemoryBytes,
            ProcessorNanoseconds = described.EarlierRunTime + (holds ? _machines[index].RunTime : 0),
        };
    }

    public bool TryReset(int index) =>
        _machines[index].Phase == MachinePhase.WaitsForRestart ? TryStart(index) : TryStop(index, MachineStop.WasReset);

    /// <summary>One that waits to be started again does so no longer.</summary>
    public bool TryPowerOff(int index)
    {
        if (_machines[index].Phase != MachinePhase.WaitsForRestart)
        {
            return TryStop(index, MachineStop.SwitchedOff);
        }

        _machines[index].Phase = MachinePhase.Stopped;
        _machines[index].Console.Report(MachineStopText.Of(MachineStop.SwitchedOff));
        _descriptions[index].State = MachineState.PoweredOff;
        _alive--;
        MemoryReport.Write(in *_memory);
        return true;
    }

    public readonly bool TryPowerButton(int index)
    {
        bool runs = _machines[index].Phase == MachinePhase.Running;
        if (runs)
        {
            _machines[index].PressPowerButton();
        }

        return runs;
    }

    public bool TryStart(int index)
    {
        bool starts = _machines[index].Phase is MachinePhase.Stopped or MachinePhase.WaitsForRestart;
        _wanted |= starts ? 1ul << index : 0;
        return starts;
    }

    public readonly void InputArrived(int index)
    {
        if (_machines[index].Phase == MachinePhase.Running)
        {
            _machines[index].Notify(1);
        }
    }

    private readonly bool TryStop(int index, MachineStop reason)
    {
        bool stops = _machines[index].Phase == MachinePhase.Running && _machines[index].Stop(reason);
        if (stops)
        {
            _machines[index].Console.Report(MachineStopText.Of(reason));
        }

        return stops;
    }
}
