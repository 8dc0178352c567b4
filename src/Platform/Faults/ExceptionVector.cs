using System;

namespace Ember.Platform.Faults;

/// <summary>The processor's exception vectors (AMD APM volume 2, 8.2).</summary>
public static class ExceptionVector
{
    public const byte DivideByZero = 0;
    public const byte Debug = 1;
    public const byte NonMaskableInterrupt = 2;
    public const byte Breakpoint = 3;
    public const byte Overflow = 4;
    public const byte BoundRange = 5;
    public const byte InvalidOpcode = 6;
    public const byte DeviceNotAvailable = 7;
    public const byte DoubleFault = 8;
    public const byte InvalidTss = 10;
    public const byte SegmentNotPresent = 11;
    public const byte Stack = 12;
    public const byte GeneralProtection = 13;
    public const byte PageFault = 14;
    public const byte X87FloatingPoint = 16;
    public const byte AlignmentCheck = 17;
    public const byte MachineCheck = 18;
    public const byte SimdFloatingPoint = 19;
    public const byte ControlProtection = 21;
    public const byte HypervisorInjection = 28;
    public const byte VmmCommunication = 29;
    public const byte Security = 30;

    /// <summary>Mnemonic and name, as in "#PF page fault"; empty for a vector that is no exception.</summary>
    public static ReadOnlySpan<byte> Describe(byte vector) => vector switch
    {
        DivideByZero => "#DE divide by zero"u8,
        Debug => "#DB debug"u8,
        NonMaskableInterrupt => "NMI non-maskable interrupt"u8,
        Breakpoint => "#BP breakpoint"u8,
        Overflow => "#OF overflow"u8,
        BoundRange => "#BR bound range"u8,
        InvalidOpcode => "#UD invalid opcode"u8,
        DeviceNotAvailable => "#NM device not available"u8,
        DoubleFault => "#DF double fault"u8,
        InvalidTss => "#TS invalid TSS"u8,
        SegmentNotPresent => "#NP segment not present"u8,
        Stack => "#SS stack"u8,
        GeneralProtection => "#GP general protection"u8,
        PageFault => "#PF page fault"u8,
        X87FloatingPoint => "#MF x87 floating point"u8,
        AlignmentCheck => "#AC alignment check"u8,
        MachineCheck => "#MC machine check"u8,
        SimdFloatingPoint => "#XF SIMD floating point"u8,
        ControlProtection => "#CP control protection"u8,
        HypervisorInjection => "#HV hypervisor injection"u8,
        VmmCommunication => "#VC VMM communication"u8,
        Security => "#SX security"u8,
        _ => default,
    };
}
