using System;
using Ember.Formats.Banks;
using Ember.Formats.Measurements;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Tells a TPM 2.0 what is about to be started, through the firmware, which hashes it.</summary>
internal static unsafe class Measurement
{
    /// <summary>Measures a bank that has been loaded and verified, as <see cref="BootMeasurements"/> says.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="manifest">The bank's manifest.</param>
    /// <param name="handOver">Where its files lie.</param>
    /// <returns>What to say of it; empty on a machine without a TPM.</returns>
    public static ReadOnlySpan<byte> Run(EfiBootServices* services, in BankManifest manifest, HandOver* handOver)
    {
        EfiGuid protocol = EfiGuid.Tcg2Protocol;
        EfiTcg2* tpm;
        if (EfiStatus.IsError(services->LocateProtocol(&protocol, null, (void**)&tpm)) || !IsPresent(tpm))
        {
            return default;
        }

        int plan = manifest.Find(BankFileKind.Plan);
        bool done = TryExtend(
            tpm, BootMeasurements.BankRegister, handOver->Manifest, handOver->ManifestLength, BootMeasurements.BankEvent);
        done &= TryExtend(
            tpm, BootMeasurements.PlanRegister, (byte*)handOver->Files[plan], manifest.File(plan).Length, BootMeasurements.PlanEvent);
        return done
            ? "TPM: bank.manifest measured into PCR 11, appliance.plan into PCR 12"u8
            : "TPM: it takes no measurement: PCR 11 and 12 do not tell of this start"u8;
    }

    private static bool IsPresent(EfiTcg2* tpm)
    {
        EfiTcg2Capability capability = default;
        capability.Size = EfiTcg2Capability.Bytes;
        return !EfiStatus.IsError(tpm->GetCapability(tpm, &capability)) && capability.IsPresent != 0;
    }

    private static bool TryExtend(EfiTcg2* tpm, uint register, byte* data, ulong length, ReadOnlySpan<byte> text)
    {
        // The zero behind the text is there already.
        EfiTcg2Event description = default;
        description.Size = EfiTcg2Event.HeadBytes + (uint)text.Length + 1;
        description.HeaderSize = EfiTcg2Event.HeaderBytes;
        description.HeaderVersion = EfiTcg2Event.CurrentVersion;
        description.Register = register;
        description.EventType = BootMeasurements.EventType;
        text.CopyTo(description.Text);
        nuint status = tpm->HashLogExtendEvent(tpm, 0, (ulong)data, length, &description);

        // A log without room for one more entry: the register has been extended all the same.
        return !EfiStatus.IsError(status) || status == EfiStatus.VolumeFull;
    }
}
