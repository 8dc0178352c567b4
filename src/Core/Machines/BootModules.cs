using System.Runtime.CompilerServices;
using Ember.Formats.Plans;

namespace Ember.Core.Machines;

/// <summary>Room for the modules of one machine.</summary>
[InlineArray((int)PlanMachine.MaximumModuleCount)]
public struct BootModules
{
    private BootModule _first;
}
