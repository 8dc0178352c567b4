using System.Runtime;
using Ember.Core.Processors;
using Ember.Platform.Faults;

namespace Ember.Core.Startup;

/// <summary>Where every interrupt of the host arrives, from the 256 entries in Ember.Stubs.</summary>
internal static unsafe class HostInterrupts
{
    /// <summary>Exceptions end the core. Others only have to wake it: the loop that slept looks what there is to do.</summary>
    [RuntimeExport("EmberHandleInterrupt")]
    private static void Handle(FaultFrame* frame)
    {
        byte vector = (byte)frame->Vector;
        if (vector < InterruptVector.FirstDevice)
        {
            Crash.Report(frame);
        }

        if (vector == InterruptVector.Shootdown)
        {
            TranslationShootdown.Serve();
        }

        if (vector != InterruptVector.Spurious)
        {
            HostProcessors.Apic.EndOfInterrupt();
        }
    }
}
