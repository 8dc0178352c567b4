using System.Runtime;
using Ember.Platform.Uefi;

namespace Ember.TpmReader;

/// <summary>Where the firmware enters.</summary>
internal static unsafe class EntryPoint
{
    [RuntimeExport("EfiMain")]
    private static nuint EfiMain(void* image, EfiSystemTable* system)
    {
        TpmReport report = default;
        report.Write(system->BootServices);
        system->RuntimeServices->ResetSystem(EfiResetType.Shutdown, 0, 0, null);
        return EfiStatus.LoadError;
    }
}
