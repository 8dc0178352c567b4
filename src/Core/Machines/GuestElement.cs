using Ember.Core.Devices;
using Ember.Platform.Auditing;

namespace Ember.Core.Machines;

/// <summary>One to eight bytes of a guest where an instruction finds them: in one page or two, in memory or in a device.</summary>
internal struct GuestElement
{
    private const ulong PageBytes = 4096;
    private const int MostBytes = 8;

    /// <summary>Guest-physical address of the first byte.</summary>
    public ulong First;

    /// <summary>Guest-physical address of the page with those bytes that are not in the first's.</summary>
    public ulong Second;

    /// <summary>Bytes, 1 to 8.</summary>
    public int Size;

    /// <summary>Bytes from an address to the end of its page.</summary>
    public static ulong BytesInPage(ulong address) => PageBytes - (address & (PageBytes - 1));

    /// <summary>Reads it. What is neither memory nor a device's reads all ones.</summary>
    /// <param name="chipset">Memory and devices.</param>
    /// <param name="processor">Who reads.</param>
    /// <param name="now">The time.</param>
    [LoopBound(MostBytes, "bytes of an element")]
    public readonly ulong Read(ref Chipset chipset, int processor, ulong now)
    {
        ulong value = 0;
        for (int i = 0; i < Size; i++)
        {
            ulong address = AddressOf(i);
            if (!chipset.Memory.TryRead(address, out byte part))
            {
                part = chipset.TryReadMemory(processor, address, 1, now, out ulong read) ? (byte)read : byte.MaxValue;
            }

            value |= (ulong)part << (8 * i);
        }

        return value;
    }

    /// <summary>Writes it. What is neither memory nor a device's is lost.</summary>
    /// <param name="chipset">Memory and devices.</param>
    /// <param name="processor">Who writes.</param>
    /// <param name="value">The low bytes count.</param>
    /// <param name="now">The time.</param>
    [LoopBound(MostBytes, "bytes of an element")]
    public readonly void Write(ref Chipset chipset, int processor, ulong value, ulong now)
    {
        for (int i = 0; i < Size; i++)
        {
            ulong address = AddressOf(i);
            byte part = (byte)(value >> (8 * i));
            if (!chipset.Memory.TryWrite(address, part))
            {
                chipset.TryWriteMemory(processor, address, 1, part, now);
            }
        }
    }

    private readonly ulong AddressOf(int index)
    {
        ulong inPage = BytesInPage(First);
        return (uint)index < inPage ? First + (uint)index : Second + (uint)index - inPage;
    }
}
