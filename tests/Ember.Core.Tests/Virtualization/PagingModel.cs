using System;
using System.Collections.Generic;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization;

/// <summary>A page walk written for reading, rule by rule from the manual, to hold the fast one against.</summary>
internal static class PagingModel
{
    /// <summary>One level of a walk: which linear bits index it, and how wide its entries are.</summary>
    private sealed record Level(int LowBit, int IndexBits, int EntryBytes, bool MayBeLarge, bool HasRights);

    public static (bool Ok, ulong Physical, uint Error) Translate(
        ReadOnlySpan<byte> memory, PagingState paging, ulong linear, PageAccess access)
    {
        bool Bit(ulong register, int bit) => ((register >> bit) & 1) == 1;
        bool longMode = Bit(paging.Efer, 10);
        bool pae = Bit(paging.Cr4, 5);
        bool noExecute = Bit(paging.Efer, 11);
        bool fetch = access.HasFlag(PageAccess.Fetch);
        bool write = access.HasFlag(PageAccess.Write);
        bool user = access.HasFlag(PageAccess.User);
        (bool, ulong, uint) Fault(bool present, bool reserved)
        {
            uint error = (present ? 1u : 0) + (write ? 2u : 0) + (user ? 4u : 0) + (reserved ? 8u : 0);
            error += fetch && ((noExecute && pae) || Bit(paging.Cr4, 20)) ? 16u : 0;
            return (false, 0, error);
        }

        if (!Bit(paging.Cr0, 31))
        {
            return (true, linear % (1UL << 32), 0);
        }

        List<Level> levels = [];
        if (longMode)
        {
            int width = Bit(paging.Cr4, 12) ? 57 : 48;
            ulong upper = linear >> (width - 1);
            if (upper != 0 && upper != (1UL << (65 - width)) - 1)
            {
                return (false, 0, GuestPageWalker.NotCanonical);
            }

            for (int low = width - 9; low >= 12; low -= 9)
            {
                levels.Add(new(low, 9, 8, low is 21 or 30, true));
            }
        }
        else if (pae)
        {
            levels = [new(30, 2, 8, false, false), new(21, 9, 8, true, true), new(12, 9, 8, false, true)];
            linear %= 1UL << 32;
        }
        else
        {
            levels = [new(22, 10, 4, Bit(paging.Cr4, 4), true), new(12, 10, 4, false, true)];
            linear %= 1UL << 32;
        }

        ulong table = longMode ? Field(paging.Cr3, 51, 12) << 12 : pae ? Field(paging.Cr3, 31, 5) << 5 : Field(paging.Cr3, 31, 12) << 12;
        bool mayUser = true;
        bool mayWrite = true;
        bool mayFetch = true;
        foreach (Level level in levels)
        {
            ulong index = Field(linear, level.LowBit + level.IndexBits - 1, level.LowBit);
            ulong entry = Read(memory, table + (index * (ulong)level.EntryBytes), level.EntryBytes);
            if (!Bit(entry, 0))
            {
                return Fault(present: false, reserved: false);
            }

            bool large = level.MayBeLarge && Bit(entry, 7);
            bool reserved;
            if (level.EntryBytes == 4)
            {
                reserved = large && Bit(entry, 21);
            }
            else if (!level.HasRights)
            {
                reserved = Field(entry, 2, 1) != 0 || Field(entry, 8, 6) != 0 || Field(entry, 63, 52) != 0;
            }
            else
            {
                reserved = (Bit(entry, 63) && !noExecute)
                    || (!longMode && Field(entry, 62, 52) != 0)
                    || (level.LowBit > 12 && Bit(entry, 7) && !level.MayBeLarge)
                    || (large && Field(entry, level.LowBit - 1, 13) != 0);
            }

            if (reserved)
            {
                return Fault(present: true, reserved: true);
            }

            if (level.HasRights)
            {
                mayWrite &= Bit(entry, 1);
                mayUser &= Bit(entry, 2);
                mayFetch &= level.EntryBytes == 4 || !Bit(entry, 63);
            }

            if (!large && level.LowBit != 12)
            {
                table = level.EntryBytes == 4 ? Field(entry, 31, 12) << 12 : Field(entry, 51, 12) << 12;
                continue;
            }

            bool allowed = user
                ? mayUser && (mayWrite || !write) && (mayFetch || !fetch)
                : (mayWrite || !write || !Bit(paging.Cr0, 16))
                    && (mayFetch || !fetch)
                    && !(fetch && mayUser && Bit(paging.Cr4, 20))
                    && !(!fetch && mayUser && Bit(paging.Cr4, 21) && !Bit(paging.Rflags, 18));
            if (!allowed)
            {
                return Fault(present: true, reserved: false);
            }

            ulong frame = level.EntryBytes == 4 && large
                ? Field(entry, 31, 22) + (Field(entry, 20, 13) << 10)
                : Field(entry, level.EntryBytes == 4 ? 31 : 51, level.LowBit);
            return (true, (frame << level.LowBit) + Field(linear, level.LowBit - 1, 0), 0);
        }

        throw new InvalidOperationException("A walk ends at its last level.");
    }

    private static ulong Field(ulong value, int high, int low) => (value >> low) & ((1UL << (high - low + 1)) - 1);

    private static ulong Read(ReadOnlySpan<byte> memory, ulong address, int size)
    {
        ulong value = 0;
        bool inside = address + (ulong)size <= (ulong)memory.Length;
        for (int i = size - 1; i >= 0; i--)
        {
            value = (value << 8) + (inside ? memory[(int)address + i] : (byte)0xFF);
        }

        return value;
    }
}
