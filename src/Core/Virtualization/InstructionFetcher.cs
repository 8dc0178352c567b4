using System;
using System.Runtime.CompilerServices;
using Ember.Core.Memory;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Auditing;

namespace Ember.Core.Virtualization;

/// <summary>Reads the instruction a guest is at, out of the guest's memory.</summary>
public static unsafe class InstructionFetcher
{
    private const int PageBytes = 4096;

    /// <summary>Copies up to 15 bytes of code, from two pages if the first ends before that.</summary>
    /// <param name="memory">The guest's RAM; code outside it cannot be read.</param>
    /// <param name="paging">The guest's registers.</param>
    /// <param name="mode">How the guest's code is decoded. Outside 64-bit mode linear addresses wrap at 4 GiB.</param>
    /// <param name="address">Linear address of the instruction: RIP with the base of CS added.</param>
    /// <param name="user">Whether the guest runs at privilege level 3.</param>
    /// <param name="bytes">The code; fewer than 15 bytes if what follows is not mapped or not RAM.</param>
    /// <param name="errorCode">On false the page fault's error code as by <see cref="GuestPageWalker"/>, 0 if the code is
    /// mapped but not RAM.</param>
    /// <returns>False if not even the first byte can be read.</returns>
    public static bool TryFetch(
        in GuestMemory memory,
        in PagingState paging,
        OperatingMode mode,
        ulong address,
        bool user,
        out InstructionBytes bytes,
        out uint errorCode)
    {
        PageAccess access = user ? PageAccess.Fetch | PageAccess.User : PageAccess.Fetch;
        bytes = default;
        if (mode != OperatingMode.Bits64)
        {
            address = (uint)address;
        }

        if (!GuestPageWalker.TryTranslate(memory, paging, address, access, out ulong physical, out errorCode))
        {
            return false;
        }

        int inPage = PageBytes - (int)(physical & (PageBytes - 1));
        if (inPage > InstructionBytes.MaximumLength && memory.TryGetPointer(physical, 16, out byte* code))
        {
            ref byte first = ref bytes.Bytes[0];
            Unsafe.WriteUnaligned(ref first, Unsafe.ReadUnaligned<ulong>(code));
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, 8), Unsafe.ReadUnaligned<ulong>(code + 8));
            bytes.Count = InstructionBytes.MaximumLength;
            return true;
        }

        Append(memory, physical, Math.Min(inPage, InstructionBytes.MaximumLength), ref bytes);
        if (bytes.Count == inPage)
        {
            ulong next = address + (uint)inPage;
            if (mode != OperatingMode.Bits64)
            {
                next = (uint)next;
            }

            if (GuestPageWalker.TryTranslate(memory, paging, next, access, out physical, out _))
            {
                Append(memory, physical, InstructionBytes.MaximumLength - inPage, ref bytes);
            }
        }

        return bytes.Count != 0;
    }

    [LoopBound(InstructionBytes.MaximumLength, "bytes of an instruction")]
    private static void Append(in GuestMemory memory, ulong physical, int count, ref InstructionBytes bytes)
    {
        for (int i = 0; i < count && memory.TryRead(physical + (uint)i, out byte value); i++)
        {
            bytes.Bytes[bytes.Count++] = value;
        }
    }
}
