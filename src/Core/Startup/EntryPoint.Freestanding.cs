using System.Runtime;
using System.Runtime.CompilerServices;
using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>Where the firmware enters the core.</summary>
internal static unsafe class EntryPoint
{
    private static BootInformation _boot;

    [RuntimeExport("EfiMain")]
    private static nuint EfiMain(void* imageHandle, EfiSystemTable* system)
    {
        BootInformation* boot = (BootInformation*)Unsafe.AsPointer(ref _boot);
        boot->EntryTicks = Cpu.ReadTimeStampCounter();
        SystemConsole.Initialize(Board.ConsolePort);
        FirmwarePhase.OpenScreen(system->BootServices, boot);
        SystemConsole.WriteLine("Ember 0.1.0"u8);
        if (!Board.Identify(system) || !FirmwarePhase.TryRun(imageHandle, system, boot))
        {
            PowerControl.Stay();
        }

        Crash.Prepare(boot);
        HostPhase.Run(boot);
        return 0;
    }

    [RuntimeExport("EmberMain")]
    private static void Main(void* boot) => HostPhase.Continue((BootInformation*)boot);

    [RuntimeExport("EmberProcessorMain")]
    private static void Main(HostProcessor* processor) => HostPhase.ContinueProcessor(processor);
}
