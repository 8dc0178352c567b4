using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Platform.Uefi;

namespace Ember.Loader.Tests;

/// <summary>The firmware's way to a TPM, on this thread: what the loader finds when it looks for one.</summary>
internal static unsafe class FakeTpm
{
    [ThreadStatic]
    private static FakeTpmState? _state;

    /// <summary>Calls <paramref name="run"/> with a firmware that has this TPM.</summary>
    public static void Use(FakeTpmState state, Action<nint> run)
    {
        EfiBootServices services = default;
        services.LocateProtocol = &LocateProtocol;
        _state = state;
        run((nint)(&services));
    }

    [UnmanagedCallersOnly]
    private static nuint LocateProtocol(EfiGuid* protocol, void* registration, void** found)
    {
        if (!_state!.HasProtocol || !protocol->Is(new EfiGuid(0x42BE7455607F766C, 0x0F72B26DD7E40B93)))
        {
            return Failed;
        }

        EfiTcg2* tpm = (EfiTcg2*)RuntimeHelpers.AllocateTypeAssociatedMemory(typeof(FakeTpm), sizeof(EfiTcg2));
        tpm->GetCapability = &GetCapability;
        tpm->HashLogExtendEvent = &HashLogExtendEvent;
        *found = tpm;
        return EfiStatus.Success;
    }

    [UnmanagedCallersOnly]
    private static nuint GetCapability(EfiTcg2* tpm, EfiTcg2Capability* capability)
    {
        if (capability->Size < 36)
        {
            return Failed;
        }

        *((byte*)capability + 16) = _state!.HasTpm ? (byte)1 : (byte)0;
        return EfiStatus.Success;
    }

    [UnmanagedCallersOnly]
    private static nuint HashLogExtendEvent(EfiTcg2* tpm, ulong flags, ulong data, ulong length, EfiTcg2Event* description)
    {
        // As the specification has it, not as the structure does.
        byte* bytes = (byte*)description;
        int size = Unsafe.ReadUnaligned<int>(bytes);
        uint register = Unsafe.ReadUnaligned<uint>(bytes + 10);
        if (Unsafe.ReadUnaligned<uint>(bytes + 4) != 14 || Unsafe.ReadUnaligned<ushort>(bytes + 8) != 1 || flags != 0
            || register == _state!.FailingRegister)
        {
            return Failed;
        }

        _state.Events.Add(new FakeTpmEvent(
            register,
            Unsafe.ReadUnaligned<uint>(bytes + 14),
            Encoding.ASCII.GetString(bytes + 18, size - 18),
            new ReadOnlySpan<byte>((void*)data, (int)length).ToArray()));
        return _state.LogIsFull ? EfiStatus.VolumeFull : EfiStatus.Success;
    }

    private static nuint Failed => EfiStatus.LoadError;
}

/// <summary>What a <see cref="FakeTpm"/> is and has seen.</summary>
internal sealed class FakeTpmState
{
    public bool HasProtocol { get; init; } = true;

    public bool HasTpm { get; init; } = true;

    public bool LogIsFull { get; init; }

    /// <summary>The register that cannot be extended.</summary>
    public uint? FailingRegister { get; init; }

    public List<FakeTpmEvent> Events { get; } = [];
}

/// <summary>What was measured.</summary>
/// <param name="Register">Into which PCR.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Text">The event's text.</param>
/// <param name="Data">What was hashed.</param>
internal sealed record FakeTpmEvent(uint Register, uint Type, string Text, byte[] Data);
