using System.Collections.Generic;
using System.Text;
using Ember.Core.Console;

namespace Ember.Core.Tests.Console;

/// <summary>Virtual machines that remember what they were ordered.</summary>
internal readonly struct FakeDirectory(params FakeDirectory.Machine[] machines) : IMachineDirectory
{
    private readonly Machine[] _machines = machines;

    /// <summary>What was ordered, in order.</summary>
    public List<string> Orders { get; } = [];

    public int Count => _machines.Length;

    public MachineSummary Describe(int index) => new()
    {
        Name = Encoding.ASCII.GetBytes(_machines[index].Name),
        State = _machines[index].State,
        ProcessorCount = _machines[index].Processors,
        MemoryBytes = _machines[index].MemoryBytes,
        ProcessorNanoseconds = _machines[index].Nanoseconds,
    };

    public bool TryReset(int index) => Order("reset", index);

    public bool TryPowerButton(int index) => Order("power button", index);

    public bool TryPowerOff(int index) => Order("power off", index);

    public bool TryStart(int index) => Order("start", index);

    public void InputArrived(int index) => Orders.Add($"input {_machines[index].Name}");

    private bool Order(string order, int index)
    {
        Orders.Add($"{order} {_machines[index].Name}");
        return _machines[index].Obeys;
    }

    internal sealed class Machine(string name)
    {
        public string Name { get; } = name;

        public MachineState State { get; init; } = MachineState.Running;

        public int Processors { get; init; } = 1;

        public ulong MemoryBytes { get; init; } = 512 << 20;

        public ulong Nanoseconds { get; set; }

        public bool Obeys { get; init; } = true;
    }
}
