using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Ember.Formats.Banks;

namespace Ember.Loader.Tests;

/// <summary>A key in the test's memory, without a bundle beside it. Copies of the structure are the same key.</summary>
internal readonly unsafe struct FakeMedium(FakeKey key) : IKeyMedium
{
    public ulong NewAttempt => key.NextAttempt++;

    public ulong ConfirmedAttempt => key.ConfirmedAttempt;

    public uint MinimumSecurityVersion => key.MinimumSecurityVersion;

    public bool IsRollBackAsked => key.IsRollBackAsked;

    public ulong Ticks => key.Ticks += FakeKey.TicksBetweenLooks;

    public ulong TicksPerMillisecond => FakeKey.TicksPerMillisecond;

    public bool TryReadState(Span<byte> first, Span<byte> second)
    {
        key.State[0].CopyTo(first);
        key.State[1].CopyTo(second);
        return key.CanReadState;
    }

    public bool TryWriteState(bool second, ReadOnlySpan<byte> sector)
    {
        if (key.CanWriteState)
        {
            key.Events.Add("write state");
            key.State[second ? 1 : 0] = sector.ToArray();
        }

        return key.CanWriteState;
    }

    public bool TryRaiseSecurityVersion(uint version)
    {
        if (key.CanKeepVersion)
        {
            key.MinimumSecurityVersion = version;
        }

        return key.CanKeepVersion;
    }

    public ReadOnlySpan<byte> Load(BankSlot slot, ReadOnlySpan<byte> name, ulong longest, out byte* address, out ulong length)
    {
        address = null;
        length = 0;
        string file = Encoding.ASCII.GetString(name);
        key.Events.Add($"load {slot} {file}");
        key.Ticks += FakeKey.TicksToRead;
        key.IsRollBackAsked |= file == key.PressWhenLoading;
        Dictionary<string, byte[]> bank = slot == BankSlot.A ? key.A : key.B;
        if (!bank.TryGetValue(file, out byte[]? content))
        {
            return "not found"u8;
        }

        if ((ulong)content.Length > longest)
        {
            return "is longer than it should be"u8;
        }

        length = (ulong)content.Length;
        if (file == key.Unreadable && slot == BankSlot.B)
        {
            return "read error: try another key or port"u8;
        }

        address = (byte*)NativeMemory.Alloc((nuint)content.Length);
        key.Allocations++;
        content.CopyTo(new Span<byte>(address, content.Length));
        return default;
    }

    public void Release(byte* address, ulong length)
    {
        if (address != null)
        {
            NativeMemory.Free(address);
            key.Allocations--;
        }
    }

    public bool TryNextBundle(out ulong length)
    {
        length = 0;
        key.Events.Add("look for a bundle");
        return false;
    }

    public bool TryFetch(ReadOnlySpan<byte> address, ReadOnlySpan<byte> file, byte* memory, ref ulong length) =>
        throw new NotSupportedException();

    public byte* Allocate(ulong length) => throw new NotSupportedException();

    public ulong BankStart(BankSlot slot) => throw new NotSupportedException();

    public ulong BankLength(BankSlot slot) => throw new NotSupportedException();

    public bool TryReadBundle(ulong position, Span<byte> bytes) => throw new NotSupportedException();

    public bool TryReadBank(BankSlot slot, ulong offset, Span<byte> bytes) => throw new NotSupportedException();

    public bool TryWriteBank(BankSlot slot, ulong offset, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    public bool TryFlush(BankSlot slot) => throw new NotSupportedException();

    public void CloseBank(BankSlot slot) => throw new NotSupportedException();

    public void OpenBank(BankSlot slot) => throw new NotSupportedException();

    public void Report(ulong done, ulong all) => throw new NotSupportedException();

    public void Show(ReadOnlySpan<byte> logo) => key.Events.Add($"show {logo.Length} bytes");

    public void WriteLine(ReadOnlySpan<byte> line) => key.Lines.Add(Encoding.ASCII.GetString(line));
}

/// <summary>What a <see cref="FakeMedium"/> is and has seen.</summary>
internal sealed class FakeKey
{
    public const ulong TicksPerMillisecond = 2_000_000;

    /// <summary>Four tenths of a millisecond go by whenever the clock is looked at.</summary>
    public const ulong TicksBetweenLooks = 800_000;

    /// <summary>A second goes by when a file is read.</summary>
    public const ulong TicksToRead = 1000 * TicksPerMillisecond;

    public Dictionary<string, byte[]> A { get; set; } = SignedBank.Of("1.0.0");

    public Dictionary<string, byte[]> B { get; set; } = SignedBank.Of("2.0.0");

    public byte[][] State { get; } = [new byte[BankState.Size], new byte[BankState.Size]];

    public ulong Ticks { get; set; }

    public ulong NextAttempt { get; set; } = 1;

    public ulong ConfirmedAttempt { get; set; }

    public uint MinimumSecurityVersion { get; set; }

    public bool IsRollBackAsked { get; set; }

    /// <summary>The file at which somebody presses the key that asks for the other bank.</summary>
    public string? PressWhenLoading { get; set; }

    /// <summary>The file of bank B at which reading fails after its length is known.</summary>
    public string? Unreadable { get; set; }

    public bool CanReadState { get; set; } = true;

    public bool CanWriteState { get; set; } = true;

    public bool CanKeepVersion { get; set; } = true;

    /// <summary>Files in memory that nobody has released.</summary>
    public int Allocations { get; set; }

    public List<string> Lines { get; } = [];

    /// <summary>What was asked of the key, in order.</summary>
    public List<string> Events { get; } = [];

    /// <summary>The state as the next start reads it.</summary>
    public BankState Current
    {
        get
        {
            BankState.TryReadNewest(State[0], State[1], out BankState state, out _);
            return state;
        }
    }

    /// <summary>Sets both copies of the state.</summary>
    public void SetState(BankSlot preferred, BankCondition a, BankCondition b)
    {
        BankState state = BankState.Manufactured(hasB: true);
        state.Preferred = preferred;
        state.A = Record(a);
        state.B = Record(b);
        state.WriteNext(State[0]);
        state.WriteNext(State[1]);

        static BankRecord Record(BankCondition condition) =>
            new() { Condition = condition, TriesLeft = condition == BankCondition.Trial ? BankState.MostTries : 0 };
    }
}
