using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Formats;
using Ember.Fuzz.Tests.Engine;
using Ember.Loader;
using Ember.Platform.Uefi;

namespace Ember.Fuzz.Tests.Targets;

/// <summary>
/// <see cref="KeyPartitions"/> over device paths, which the firmware makes of what is on disks. They have no length but that of their
/// nodes: behind each lie so many that end one that every walk ends. Found is exactly what the model finds.
/// </summary>
internal sealed unsafe class PartitionsTarget : FuzzTarget
{
    private const int MostPaths = 4;
    private const int MostNodes = 64;
    private const int Room = GuardedMemory.MaximumLength + (MostNodes * 65_536);
    private const byte End = 0x7F;

    private static readonly byte* _paths = Filled();
    private static readonly int[] _starts = new int[MostPaths];
    private static readonly void** _handles = (void**)NativeMemory.Alloc(MostPaths, (nuint)sizeof(void*));

    /// <inheritdoc/>
    public override string Name => "partitions";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Parts.Join(Path(1, 1, 2048), Path(1, 2, 8192), Path(1, 3, 16_384), Path(1, 4, 32_768)),
        Parts.Join(Path(2, 0, 0), Path(2, 1, 0), Path(1, 2, 9), Path(2, 3, 0)),
    ];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        int at = 0;
        for (int i = 0; i < MostPaths; i++)
        {
            _starts[i] = at;
            parts[i].CopyTo(new Span<byte>(_paths + at, parts[i].Length));
            at += parts[i].Length;
        }

        FillWithEnds(at, GuardedMemory.MaximumLength);
        EfiBootServices services = default;
        services.HandleProtocol = &HandleProtocol;
        services.LocateHandleBuffer = &LocateHandleBuffer;
        services.FreePool = &FreePool;
        bool found = KeyPartitions.TryFind(&services, (void*)1, out KeyPartitions partitions);
        string? own = Split(0, out _, out _);
        Require(found == own is not null, found ? "the loader is on no partition" : "the loader's partition is not found");
        void*[] expected = [null, null, null];
        ulong[] starts = [0, 0, 0];
        for (int i = 0; found && i < MostPaths; i++)
        {
            if (Split(i, out uint number, out ulong start) == own
                && number is >= FlashLayout.FirstBankPartition and <= FlashLayout.StatePartition)
            {
                expected[number - FlashLayout.FirstBankPartition] = (void*)(i + 1);
                starts[number - FlashLayout.FirstBankPartition] = start;
            }
        }

        Require(
            partitions.BankA == expected[0] && partitions.BankB == expected[1] && partitions.State == expected[2]
                && partitions.StartOfA == starts[0] && partitions.StartOfB == starts[1],
            "other partitions");
    }

    /// <summary>What is before a path's last node, if that is a partition's; null if it is none's.</summary>
    private static string? Split(int index, out uint number, out ulong start)
    {
        number = 0;
        start = 0;
        byte* path = _paths + _starts[index];
        int at = 0;
        for (int i = 0; i < MostNodes; i++)
        {
            ReadOnlySpan<byte> node = new(path + at, 4);
            int length = BitConverter.ToUInt16(node[2..]);
            if (node[0] == End || length < 4)
            {
                return null;
            }

            if (node[0] == 4 && path[at + length] == End)
            {
                bool isDisk = node[1] == 1 && length >= 16;
                number = isDisk ? *(uint*)(path + at + 4) : node[1] == 2 && length >= 8 ? *(uint*)(path + at + 4) + 1 : 0;
                start = isDisk ? *(ulong*)(path + at + 8) : 0;
                return number == 0 ? null : Convert.ToHexString(new ReadOnlySpan<byte>(path, at));
            }

            at += length;
        }

        return null;
    }

    private static byte[] Path(byte kind, uint number, ulong start) =>
    [
        2, 1, 12, 0, 0xD0, 0x41, 0x03, 0x0A, 0, 0, 0, 0, 1, 1, 6, 0, 0, 4,
        .. kind == 1
            ? (byte[])[4, 1, 42, 0, .. BitConverter.GetBytes(number), .. BitConverter.GetBytes(start), .. new byte[26]]
            : [4, 2, 24, 0, .. BitConverter.GetBytes(number), .. new byte[16]],
        End, 0xFF, 4, 0,
    ];

    private static byte* Filled()
    {
        byte* paths = (byte*)NativeMemory.Alloc(Room);
        FillWithEnds(paths, 0, Room);
        return paths;
    }

    private static void FillWithEnds(int from, int to) => FillWithEnds(_paths, from, to);

    private static void FillWithEnds(byte* paths, int from, int to)
    {
        for (int at = from; at < to; at++)
        {
            paths[at] = (at & 3) switch { 0 => End, 1 => 0xFF, 2 => 4, _ => 0 };
        }
    }

    [UnmanagedCallersOnly]
    private static nuint HandleProtocol(void* handle, EfiGuid* protocol, void** found)
    {
        *found = _paths + _starts[(nint)handle - 1];
        return EfiStatus.Success;
    }

    [UnmanagedCallersOnly]
    private static nuint LocateHandleBuffer(EfiLocateSearchType type, EfiGuid* protocol, void* key, nuint* count, void*** handles)
    {
        for (int i = 0; i < MostPaths; i++)
        {
            _handles[i] = (void*)(i + 1);
        }

        *count = MostPaths;
        *handles = _handles;
        return EfiStatus.Success;
    }

    [UnmanagedCallersOnly]
    private static nuint FreePool(void* memory) => EfiStatus.Success;
}
