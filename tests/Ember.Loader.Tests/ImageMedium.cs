using System;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk.Banks;
using Ember.Sdk.Media;

namespace Ember.Loader.Tests;

/// <summary>The content of a key as the loader sees it: the same decisions as on the machine, over an image in memory.</summary>
internal readonly unsafe struct ImageMedium(ISectorMedium medium, KeyReader reader, Surroundings surroundings) : IKeyMedium
{
    public ulong NewAttempt => 77;

    public ulong ConfirmedAttempt => surroundings.ConfirmedAttempt;

    public uint MinimumSecurityVersion => surroundings.MinimumSecurityVersion;

    public bool IsRollBackAsked => surroundings.IsRollBackAsked;

    public ulong Ticks => 0;

    public ulong TicksPerMillisecond => 1;

    public bool TryReadState(Span<byte> first, Span<byte> second)
    {
        medium.Read(reader.StateOffset(second: false), first);
        medium.Read(reader.StateOffset(second: true), second);
        return true;
    }

    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector)
    {
        if (surroundings.CanWriteState)
        {
            medium.Write(reader.StateOffset(second), sector);
            medium.Flush();
        }

        return surroundings.CanWriteState;
    }

    public bool TryRaiseSecurityVersion(uint version) => true;

    public ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        Assert.False(surroundings.IsClosed, "a bank that is being written is read through its file system");
        if (reader.TryReadFile(slot, Encoding.ASCII.GetString(name)) is not { } content)
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        length = (ulong)content.Length;
        if (surroundings.Readable-- == 0)
        {
            return "read error: try another key or port"u8;
        }

        address = Allocate(length);
        content.CopyTo(new Span<byte>(address, content.Length));
        return default;
    }

    public byte* Allocate(ulong length) => (byte*)NativeMemory.Alloc((nuint)length);

    public void Release(byte* address, ulong length) => NativeMemory.Free(address);

    public bool TryNextBundle(out ulong length)
    {
        surroundings.Current++;
        length = surroundings.Current < surroundings.Bundles.Count ? (ulong)surroundings.Bundles[surroundings.Current].Length : 0;
        return surroundings.Current < surroundings.Bundles.Count;
    }

    public bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length)
    {
        string asked = Encoding.ASCII.GetString(address) + Encoding.ASCII.GetString(file);
        surroundings.Asked.Add(asked);
        bool answers = surroundings.Server.TryGetValue(asked, out byte[]? content) && (ulong)content.Length <= length;
        if (answers)
        {
            content.CopyTo(new Span<byte>(memory, content!.Length));
            length = (ulong)content.Length;
            surroundings.Fetched = content;
        }

        return answers;
    }

    public bool TryReadBundle(ulong position, Span<byte> bytes)
    {
        byte[] bundle = surroundings.Fetched ?? surroundings.Bundles[surroundings.Current];
        bool isInside = position + (ulong)bytes.Length <= (ulong)bundle.Length;
        if (isInside)
        {
            bundle.AsSpan((int)position, bytes.Length).CopyTo(bytes);
        }

        return isInside;
    }

    public ulong BankStart(BankSlot slot) => (ulong)reader.BankOffset(slot) / BundleHeader.SectorSize;

    public ulong BankLength(BankSlot slot) => (ulong)reader.BankLength(slot);

    public bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes)
    {
        RequireInside(slot, offset, bytes.Length);
        medium.Read(reader.BankOffset(slot) + (long)offset, bytes);
        return true;
    }

    public bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes)
    {
        RequireInside(slot, offset, bytes.Length);
        Assert.True(surroundings.IsClosed, "a bank is written that the firmware has open");
        medium.Write(reader.BankOffset(slot) + (long)offset, bytes);
        return true;
    }

    public bool TryFlush(BankSlot slot)
    {
        medium.Flush();
        return true;
    }

    public void CloseBank(BankSlot slot) => surroundings.IsClosed = true;

    public void OpenBank(BankSlot slot) => surroundings.IsClosed = false;

    public void Report(ulong done, ulong all) => surroundings.Reports.Add((done, all));

    public void Show(ReadOnlySpan<byte> logo)
    {
    }

    public void WriteLine(ReadOnlySpan<byte> line) => surroundings.Lines.Add(Encoding.ASCII.GetString(line));

    private void RequireInside(BankSlot slot, ulong offset, int length)
    {
        Assert.Equal((0ul, 0), (offset % BundleHeader.SectorSize, length % BundleHeader.SectorSize));
        Assert.True(offset + (ulong)length <= (ulong)reader.BankLength(slot), "outside the bank");
    }
}
