using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Core.Memory;
using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <summary>
/// The KVM paravirtual clock (Linux Documentation/virt/kvm/x86/msr.rst): the guest names a place in its memory and finds there
/// how to turn its TSC into nanoseconds. The relation is fixed, so it is written once, when the place is named.
/// </summary>
public struct KvmClock
{
    /// <summary>MSR_KVM_WALL_CLOCK_NEW.</summary>
    public const uint WallClockMsr = 0x4B56_4D00;

    /// <summary>MSR_KVM_SYSTEM_TIME_NEW.</summary>
    public const uint SystemTimeMsr = 0x4B56_4D01;

    /// <summary>MSR_KVM_WALL_CLOCK.</summary>
    public const uint OldWallClockMsr = 0x11;

    /// <summary>MSR_KVM_SYSTEM_TIME.</summary>
    public const uint OldSystemTimeMsr = 0x12;

    private const ulong Enable = 1;
    private const byte TscStable = 1;

    // struct pvclock_wall_clock: version, seconds, nanoseconds.
    private const uint WallClockSize = 12;

    // struct pvclock_vcpu_time_info.
    private const uint SystemTimeSize = 32;
    private const int TscTimestamp = 8;
    private const int SystemTime = 16;
    private const int TscToSystemMultiplier = 24;
    private const int TscShift = 28;
    private const int FlagsByte = 29;

    private ulong _wallClock;
    private ulong _systemTime;
    private ulong _wallClockSeconds;
    private uint _version;

    /// <param name="wallClockSeconds">Seconds since 1970 at nanosecond 0.</param>
    public void Initialize(ulong wallClockSeconds)
    {
        this = default;
        _wallClockSeconds = wallClockSeconds;
    }

    /// <summary>Reads one of the four registers: what was last written.</summary>
    public readonly ulong ReadMsr(uint index) => index is WallClockMsr or OldWallClockMsr ? _wallClock : _systemTime;

    /// <summary>
    /// Writes one of the four registers and the structure it names. An address that is not a multiple of 4 or not wholly in RAM
    /// is a fault, and nothing is written.
    /// </summary>
    public unsafe MsrStatus WriteMsr(uint index, ulong value, in TscClock clock, ref readonly GuestMemory memory)
    {
        bool isWallClock = index is WallClockMsr or OldWallClockMsr;
        ulong address = isWallClock ? value : value & ~Enable;
        if (!isWallClock && (value & Enable) == 0)
        {
            _systemTime = value;
            return MsrStatus.Done;
        }

        if ((address & 3) != 0 || !memory.TryGetPointer(address, isWallClock ? WallClockSize : SystemTimeSize, out byte* place))
        {
            return MsrStatus.Fault;
        }

        // An odd version tells a reader on another processor that the rest is being changed.
        _version += 2;
        Volatile.Write(ref Unsafe.AsRef<uint>(place), _version - 1);
        if (isWallClock)
        {
            _wallClock = value;
            Unsafe.WriteUnaligned(place + 4, (uint)_wallClockSeconds);
            Unsafe.WriteUnaligned(place + 8, 0u);
        }
        else
        {
            _systemTime = value;
            Unsafe.WriteUnaligned(place + 4, 0u);
            Unsafe.WriteUnaligned(place + TscTimestamp, clock.Start);
            Unsafe.WriteUnaligned(place + SystemTime, 0ul);
            Unsafe.WriteUnaligned(place + TscToSystemMultiplier, clock.Multiplier);
            Unsafe.WriteUnaligned(place + TscShift, clock.Shift);
            Unsafe.WriteUnaligned(place + FlagsByte, TscStable);
            Unsafe.WriteUnaligned<ushort>(place + FlagsByte + 1, 0);
        }

        Volatile.Write(ref Unsafe.AsRef<uint>(place), _version);
        return MsrStatus.Done;
    }
}
