using System.Threading;

namespace Ember.Platform.Interrupts;

/// <summary>An I/O APIC (Intel 82093AA data sheet).</summary>
/// <param name="registers">Where its window is mapped, uncached.</param>
public unsafe struct IoApic(byte* registers)
{
    private const uint Data = 0x10;
    private const byte VersionRegister = 0x01;
    private const byte RedirectionTable = 0x10;
    private const uint Masked = 1 << 16;

    /// <summary>Inputs it has.</summary>
    public readonly uint InputCount => ((Read(VersionRegister) >> 16) & 0xFF) + 1;

    /// <summary>Masks every input.</summary>
    public readonly void MaskAll()
    {
        uint count = InputCount;
        for (uint input = 0; input < count; input++)
        {
            Write((byte)(RedirectionTable + (input * 2)), Masked);
        }
    }

    /// <summary>Sends an edge-triggered, active-high input to one processor as a fixed interrupt.</summary>
    public readonly void Route(uint input, byte vector, byte apicId)
    {
        Write((byte)(RedirectionTable + (input * 2) + 1), (uint)apicId << 24);
        Write((byte)(RedirectionTable + (input * 2)), vector);
    }

    private readonly uint Read(byte register)
    {
        Volatile.Write(ref *(uint*)registers, register);
        return Volatile.Read(ref *(uint*)(registers + Data));
    }

    private readonly void Write(byte register, uint value)
    {
        Volatile.Write(ref *(uint*)registers, register);
        Volatile.Write(ref *(uint*)(registers + Data), value);
    }
}
