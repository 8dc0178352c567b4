using System;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Media;

namespace Ember.Loader.Tests;

/// <summary>The content of a key as the loader sees it: the same decisions as on the machine, over an image in memory.</summary>
internal readonly unsafe struct ImageMedium(ISectorMedium medium, KeyReader reader, ulong confirmed) : IBootMedium
{
    public ulong NewAttempt => 77;

    public ulong ConfirmedAttempt => confirmed;

    public uint MinimumSecurityVersion => 0;

    public bool IsRollBackAsked => false;

    public bool TryReadState(Span<byte> first, Span<byte> second)
    {
        medium.Read(reader.StateOffset(second: false), first);
        medium.Read(reader.StateOffset(second: true), second);
        return true;
    }

    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector)
    {
        medium.Write(reader.StateOffset(second), sector);
        medium.Flush();
        return true;
    }

    public bool TryRaiseSecurityVersion(uint version) => true;

    public ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        if (reader.TryReadFile(slot, Encoding.ASCII.GetString(name)) is not { } content)
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        length = (ulong)content.Length;
        address = (byte*)NativeMemory.Alloc((nuint)content.Length);
        content.CopyTo(new Span<byte>(address, content.Length));
        return default;
    }

    public void Release(byte* address, ulong length) => NativeMemory.Free(address);

    public void WriteLine(ReadOnlySpan<byte> line)
    {
    }
}
