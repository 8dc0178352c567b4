using System;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Fuzz.Tests.Engine;
using Ember.Loader;

namespace Ember.Fuzz.Tests.Models;

/// <summary>What the loader sees of a <see cref="FuzzKey"/>. It is told when it reaches for what is not its own.</summary>
internal readonly unsafe struct FuzzMedium(FuzzKey key) : IKeyMedium
{
    public ulong NewAttempt => FuzzKey.Attempt;

    public ulong ConfirmedAttempt => key.ConfirmedAttempt;

    public uint MinimumSecurityVersion => key.MinimumSecurityVersion;

    public bool IsRollBackAsked => key.IsRollBackAsked;

    public ulong Ticks => FuzzKey.Attempt;

    public ulong TicksPerMillisecond => 1;

    public bool TryReadState(Span<byte> first, Span<byte> second)
    {
        Copy(key.State[0], first);
        Copy(key.State[1], second);
        return key.Works();
    }

    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector)
    {
        bool works = key.CanWriteState && key.Works();
        if (works)
        {
            key.State[second ? 1 : 0] = sector.ToArray();
        }

        return works;
    }

    public bool TryRaiseSecurityVersion(uint version)
    {
        bool works = version > key.MinimumSecurityVersion && key.Works();
        key.MinimumSecurityVersion = works ? version : key.MinimumSecurityVersion;
        return works;
    }

    public ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        if (!key.Banks[(int)slot].TryGetValue(Encoding.ASCII.GetString(name), out byte[]? content))
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        length = (ulong)content.Length;
        if (!key.Works())
        {
            return "read error"u8;
        }

        address = Allocate(length);
        content.CopyTo(new Span<byte>(address, content.Length));
        return default;
    }

    public byte* Allocate(ulong length)
    {
        key.Allocations++;
        return (byte*)NativeMemory.Alloc((nuint)length);
    }

    public void Release(byte* address, ulong length)
    {
        key.Allocations -= address == null ? 0 : 1;
        NativeMemory.Free(address);
    }

    public bool TryNextBundle(out ulong length)
    {
        bool isThere = key.Bundle is not null && !key.IsBundleTaken && key.Works();
        key.IsBundleTaken = true;
        length = isThere ? (ulong)key.Bundle!.Length : 0;
        return isThere;
    }

    public bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length) => false;

    public ulong BankStart(BankSlot slot) => 2048 + (ulong)slot;

    public ulong BankLength(BankSlot slot) => FuzzKey.BankLength;

    public bool TryReadBundle(ulong position, Span<byte> bytes) => TryRead(key.Bundle!, position, bytes);

    public bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes)
    {
        RequireSectors(offset, bytes.Length);
        return TryRead(key.Volumes[(int)slot], offset, bytes);
    }

    public bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes)
    {
        RequireSectors(offset, bytes.Length);
        if (slot == key.Protected || offset + (ulong)bytes.Length > FuzzKey.BankLength)
        {
            throw new FuzzException($"byte {offset} of bank {slot} is written");
        }

        bool works = key.Works();
        if (works)
        {
            bytes.CopyTo(key.Volumes[(int)slot].AsSpan((int)offset));
        }

        return works;
    }

    public bool TryFlush(BankSlot slot) => key.Works();

    public void CloseBank(BankSlot slot) => key.Banks[(int)slot].Clear();

    public void OpenBank(BankSlot slot)
    {
    }

    public void Report(ulong done, ulong all)
    {
        if (done > all)
        {
            throw new FuzzException($"{done} of {all} done");
        }
    }

    public void Show(ReadOnlySpan<byte> logo)
    {
        if (BootLogo.TryRead(logo, out BootLogo read) && read.Pixels.Length * sizeof(uint) >= logo.Length)
        {
            throw new FuzzException("a picture is larger than its file");
        }
    }

    public void WriteLine(ReadOnlySpan<byte> line)
    {
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            throw new FuzzException("a line has characters that cannot be printed");
        }
    }

    private bool TryRead(byte[] source, ulong position, Span<byte> bytes)
    {
        bool works = position <= (ulong)source.Length && (ulong)bytes.Length <= (ulong)source.Length - position && key.Works();
        if (works)
        {
            source.AsSpan((int)position, bytes.Length).CopyTo(bytes);
        }

        return works;
    }

    private static void Copy(byte[] source, Span<byte> sector)
    {
        sector.Clear();
        source.AsSpan(0, Math.Min(source.Length, sector.Length)).CopyTo(sector);
    }

    private static void RequireSectors(ulong offset, int length)
    {
        if (offset % BundleHeader.SectorSize != 0 || length == 0 || length % BundleHeader.SectorSize != 0)
        {
            throw new FuzzException($"{length} bytes at {offset} are no whole sectors");
        }
    }
}
