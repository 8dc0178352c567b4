using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Speculation;

/// <summary>What is decided, and set, once for each physical processor.</summary>
internal static class SpeculationStart
{
    private const ulong BarrierCommand = 1;
    private const ulong VirtualStoreControl = 1 << 2;

    /// <summary>Sets what the current processor keeps for good.</summary>
    /// <returns>All measures, for those that have their time later.</returns>
    public static SpeculationMeasures Apply()
    {
        SpeculationMeasures measures = SpeculationTable.Decide(SpeculationFeatures.Read());
        if ((measures & SpeculationMeasures.Control) != 0)
        {
            Cpu.WriteMsr(ModelSpecificRegister.SpectreControl, (ulong)(measures & SpeculationMeasures.Control));
        }

        if ((measures & SpeculationMeasures.AutomaticRestriction) != 0)
        {
            Set(ModelSpecificRegister.Efer, Efer.AutomaticIbrsEnable);
        }

        if ((measures & SpeculationMeasures.KeepVirtualStoresInOrder) != 0)
        {
            Set(ModelSpecificRegister.VirtualSpectreControl, VirtualStoreControl);
        }

        int bit = (measures & SpeculationMeasures.KeepStoresInOrder15) != 0 ? 54
            : (measures & SpeculationMeasures.KeepStoresInOrder16) != 0 ? 33
            : (measures & SpeculationMeasures.KeepStoresInOrder17) != 0 ? 10 : 0;
        if (bit != 0)
        {
            Set(ModelSpecificRegister.LoadStoreConfiguration, 1UL << bit);
        }

        return measures;
    }

    /// <summary>IBPB.</summary>
    public static void Barrier() => Cpu.WriteMsr(ModelSpecificRegister.PredictionCommand, BarrierCommand);

    private static void Set(uint msr, ulong bits) => Cpu.WriteMsr(msr, Cpu.ReadMsr(msr) | bits);
}
