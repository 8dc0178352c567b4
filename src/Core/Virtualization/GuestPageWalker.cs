using System.Runtime.CompilerServices;
using Ember.Core.Memory;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>
/// Translates a guest's linear addresses through the guest's own page tables, as its processor would (AMD APM volume 2,
/// chapter 5): no paging, 32-bit with 4 MiB pages, PAE, four and five levels.
/// </summary>
/// <remarks>
/// Accessed and dirty bits are left alone. Physical addresses are taken to be 52 bits wide: the processor's narrower width is
/// not enforced. Protection keys are not looked at; guests are not offered them.
/// </remarks>
public static class GuestPageWalker
{
    /// <summary>Instead of an error code: the address is not canonical, which is a general protection fault.</summary>
    public const uint NotCanonical = uint.MaxValue;

    private const uint ErrorProtection = 1 << 0;
    private const uint ErrorReserved = 1 << 3;

    private const ulong Present = 1 << 0;
    private const ulong Writable = 1 << 1;
    private const ulong UserAccessible = 1 << 2;
    private const ulong PageSize = 1 << 7;
    private const ulong NoExecute = 1UL << 63;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>Translates one linear address.</summary>
    /// <param name="memory">The guest's RAM. Tables outside it read as all ones, as an empty bus does.</param>
    /// <param name="paging">The guest's registers.</param>
    /// <param name="linear">Segment base included; outside long mode only its low 32 bits count.</param>
    /// <param name="access">What the address is used for; decides which permissions are needed.</param>
    /// <param name="physical">The guest-physical address, not necessarily in RAM; 0 on false.</param>
    /// <param name="errorCode">On false the page fault's error code, or <see cref="NotCanonical"/>; else 0.</param>
    [LoopBound(5, "levels: the address shifts by 9 bits of at most 48 down to 12")]
    public static bool TryTranslate(
        in GuestMemory memory,
        in PagingState paging,
        ulong linear,
        PageAccess access,
        out ulong physical,
        out uint errorCode)
    {
        physical = 0;
        if ((paging.Cr0 & Cr0.Paging) == 0)
        {
            physical = (uint)linear;
            errorCode = 0;
            return true;
        }

        ulong table = paging.Cr3 & AddressMask;
        ulong reserved = (paging.Efer & Efer.NoExecuteEnable) == 0 ? NoExecute : 0;
        int shift = 39;
        if ((paging.Efer & Efer.LongModeActive) != 0)
        {
            if ((paging.Cr4 & Cr4.FiveLevelPaging) != 0)
            {
                shift = 48;
            }

            int unused = 55 - shift;
            if ((ulong)((long)(linear << unused) >> unused) != linear)
            {
                errorCode = NotCanonical;
                return false;
            }
        }
        else if ((paging.Cr4 & Cr4.PhysicalAddressExtension) != 0)
        {
            linear = (uint)linear;
            ulong pointer = ReadEntry<ulong>(memory, (paging.Cr3 & 0xFFFF_FFE0) + ((linear >> 30) * 8), ulong.MaxValue);
            if ((pointer & Present) == 0)
            {
                return Fail(paging, access, 0, out errorCode);
            }

            // Bit 5 is reserved, but QEMU marks the entry as accessed.
            if ((pointer & ~AddressMask & ~0xE39UL) != 0)
            {
                return Fail(paging, access, ErrorProtection | ErrorReserved, out errorCode);
            }

            table = pointer & AddressMask;
            reserved |= 0x7FF0_0000_0000_0000;
            shift = 21;
        }
        else
        {
            return TryTranslate32(memory, paging, (uint)linear, access, out physical, out errorCode);
        }

        // One bit that any level withholds is withheld: NX counts inverted.
        ulong rights = ulong.MaxValue;
        while (true)
        {
            ulong entry = ReadEntry<ulong>(memory, table + ((linear >> shift) & 0x1FF) * 8, ulong.MaxValue);
            if ((entry & Present) == 0)
            {
                return Fail(paging, access, 0, out errorCode);
            }

            rights &= entry ^ NoExecute;
            bool last = shift == 12;
            if (!last && (entry & PageSize) != 0)
            {
                // Between address and flags of a large page nothing may be set but PAT, bit 12.
                last = true;
                reserved |= shift > 30 ? PageSize : (1UL << shift) - 0x2000;
            }

            if ((entry & reserved) != 0)
            {
                return Fail(paging, access, ErrorProtection | ErrorReserved, out errorCode);
            }

            if (last)
            {
                ulong offset = (1UL << shift) - 1;
                physical = (entry & AddressMask & ~offset) | (linear & offset);
                return Permit(paging, access, rights, ref physical, out errorCode);
            }

            table = entry & AddressMask;
            shift -= 9;
        }
    }

    /// <summary>32-bit paging without PAE (AMD APM volume 2, 5.2.3).</summary>
    private static bool TryTranslate32(
        in GuestMemory memory,
        in PagingState paging,
        uint linear,
        PageAccess access,
        out ulong physical,
        out uint errorCode)
    {
        physical = 0;
        ulong directory = ReadEntry<uint>(memory, (paging.Cr3 & 0xFFFF_F000) + ((linear >> 22) * 4), uint.MaxValue);
        if ((directory & Present) == 0)
        {
            return Fail(paging, access, 0, out errorCode);
        }

        if ((directory & PageSize) != 0 && (paging.Cr4 & Cr4.PageSizeExtensions) != 0)
        {
            if ((directory & (1 << 21)) != 0)
            {
                return Fail(paging, access, ErrorProtection | ErrorReserved, out errorCode);
            }

            // Bits 20 to 13 are the physical address's bits 39 to 32.
            physical = (directory & 0xFFC0_0000) | ((directory & 0x001F_E000) << 19) | (linear & 0x003F_FFFF);
            return Permit(paging, access, directory | NoExecute, ref physical, out errorCode);
        }

        ulong entry = ReadEntry<uint>(memory, (directory & 0xFFFF_F000) + (((linear >> 12) & 0x3FF) * 4), uint.MaxValue);
        if ((entry & Present) == 0)
        {
            return Fail(paging, access, 0, out errorCode);
        }

        physical = (entry & 0xFFFF_F000) | (linear & 0xFFF);
        return Permit(paging, access, (directory & entry) | NoExecute, ref physical, out errorCode);
    }

    /// <param name="rights">The entries' user and write bits, and no-execute inverted.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Permit(
        in PagingState paging, PageAccess access, ulong rights, ref ulong physical, out uint errorCode)
    {
        ulong needed = (access & PageAccess.Fetch) != 0 ? NoExecute : 0;
        if ((access & PageAccess.User) != 0)
        {
            needed |= UserAccessible | ((ulong)access & Writable);
        }
        else
        {
            needed |= (paging.Cr0 & Cr0.WriteProtect) != 0 ? (ulong)access & Writable : 0;
            if ((rights & UserAccessible) != 0 && IsPrevented(paging, access))
            {
                needed = ulong.MaxValue;
                rights = 0;
            }
        }

        if ((needed & ~rights) == 0)
        {
            errorCode = 0;
            return true;
        }

        physical = 0;
        return Fail(paging, access, ErrorProtection, out errorCode);
    }

    /// <summary>Whether a supervisor must keep off a user's page: SMEP and SMAP (AMD APM volume 2, 5.6.5 and 5.6.6).</summary>
    private static bool IsPrevented(in PagingState paging, PageAccess access) =>
        (access & PageAccess.Fetch) != 0
            ? (paging.Cr4 & Cr4.SupervisorExecutionPrevention) != 0
            : (paging.Cr4 & Cr4.SupervisorAccessPrevention) != 0 && (paging.Rflags & Rflags.AlignmentCheck) == 0;

    private static bool Fail(in PagingState paging, PageAccess access, uint cause, out uint errorCode)
    {
        // I/D is reported only where execution can be forbidden.
        bool reportsFetch = (paging.Cr4 & Cr4.SupervisorExecutionPrevention) != 0
            || ((paging.Efer & Efer.NoExecuteEnable) != 0 && (paging.Cr4 & Cr4.PhysicalAddressExtension) != 0);
        errorCode = cause | (uint)(reportsFetch ? access : access & ~PageAccess.Fetch);
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T ReadEntry<T>(in GuestMemory memory, ulong address, T outside)
        where T : unmanaged =>
        memory.TryRead(address, out T entry) ? entry : outside;
}
