using Ember.Platform.Auditing;

namespace Ember.Platform.Faults;

/// <summary>
/// The exception directory of a loaded image (PE specification, .pdata; x64 exception handling, RUNTIME_FUNCTION): twelve bytes a
/// function, sorted by start. Reads nothing outside the image, whatever the image holds.
/// </summary>
public readonly ref struct UnwindTable
{
    private const int EntrySize = 12;
    private const int PeHeaderPointer = 0x3C;
    private const int ExceptionDirectory = 24 + 112 + (3 * 8);

    private readonly uint _entries;
    private readonly uint _count;

    /// <summary>Finds the exception directory through the image's own headers; without one no function is described.</summary>
    /// <param name="image">The image as loaded, from its headers on.</param>
    public UnwindTable(MemoryWindow image)
    {
        Image = image;
        if (image.TryRead(image.Low + PeHeaderPointer, sizeof(uint), out ulong header)
            && image.TryRead(image.Low + header, sizeof(uint), out ulong signature) && signature == 0x4550
            && image.TryRead(image.Low + header + ExceptionDirectory, sizeof(uint), out ulong entries)
            && image.TryRead(image.Low + header + ExceptionDirectory + 4, sizeof(uint), out ulong size))
        {
            _entries = (uint)entries;
            _count = (uint)size / EntrySize;
        }
    }

    /// <summary>The image it describes.</summary>
    public MemoryWindow Image { get; }

    /// <summary>Finds the function that covers an address.</summary>
    /// <param name="rip">The address.</param>
    /// <param name="begin">Distance of the function's start from the image base.</param>
    /// <param name="unwindInfo">Distance of its UNWIND_INFO from the image base.</param>
    /// <returns>False if the address is outside the image, or in a leaf function, which needs no entry.</returns>
    [LoopBound(32, "halvings of a number of 32 bits")]
    public bool TryFind(ulong rip, out uint begin, out uint unwindInfo)
    {
        begin = 0;
        unwindInfo = 0;
        if (!Image.Contains(rip))
        {
            return false;
        }

        uint rva = (uint)(rip - Image.Low);
        uint low = 0;
        uint high = _count;
        while (low < high)
        {
            uint middle = low + ((high - low) / 2);
            ulong entry = Image.Low + _entries + ((ulong)middle * EntrySize);
            if (!Image.TryRead(entry, 4, out ulong start) || !Image.TryRead(entry + 4, 4, out ulong end)
                || !Image.TryRead(entry + 8, 4, out ulong info))
            {
                return false;
            }

            if (rva < start)
            {
                high = middle;
            }
            else if (rva >= end)
            {
                low = middle + 1;
            }
            else
            {
                begin = (uint)start;
                unwindInfo = (uint)info;
                return true;
            }
        }

        return false;
    }
}
