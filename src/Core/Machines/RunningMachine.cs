using Ember.Core.Console;

namespace Ember.Core.Machines;

/// <summary>The one virtual machine that runs, as the console's menu sees it: it can be looked at, and takes no orders.</summary>
/// <param name="console">Its console.</param>
/// <param name="memoryBytes">Its RAM.</param>
/// <param name="nanoseconds">How long it has run.</param>
internal ref struct RunningMachine(ref MachineConsole console, ulong memoryBytes, ulong nanoseconds) : IMachineDirectory
{
    private readonly ref MachineConsole _console = ref console;

    public readonly int Count => 1;

    public readonly MachineSummary Describe(int index) => new()
    {
        Name = _console.Name,
        State = MachineState.Running,
        ProcessorCount = 1,
        MemoryBytes = memoryBytes,
        ProcessorNanoseconds = nanoseconds,
    };

    public readonly bool TryReset(int index) => false;

    public readonly bool TryPowerButton(int index) => false;

    public readonly bool TryPowerOff(int index) => false;

    public readonly bool TryStart(int index) => false;

    public readonly void InputArrived(int index)
    {
    }
}
