using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Ember.Platform.Tests.Faults;

/// <summary>Lays out a loaded image by hand: PE headers, code space, UNWIND_INFO and a .pdata that lists it.</summary>
internal sealed class ImageBuilder
{
    public const ulong Base = 0x1_4000_0000;
    public const uint CodeStart = 0x1000;

    private const int PeHeader = 0x80;
    private const uint DataStart = 0x8000;
    private const int Size = 0xC000;

    private readonly byte[] _bytes = new byte[Size];
    private readonly List<(uint Begin, uint End, uint Info)> _functions = [];
    private uint _nextInfo = DataStart;

    /// <summary>Adds UNWIND_INFO and returns its distance from the image base.</summary>
    /// <param name="flags">Version and flags as in its first byte.</param>
    /// <param name="prologSize">Size of the prologue.</param>
    /// <param name="frame">Frame register and scaled offset as in its fourth byte.</param>
    /// <param name="codes">The slots.</param>
    /// <param name="parent">The parent function of a chained one.</param>
    public uint AddInfo(byte flags, byte prologSize, byte frame, ushort[] codes, (uint Begin, uint End, uint Info)? parent = null)
    {
        uint info = _nextInfo;
        _bytes[info] = flags;
        _bytes[info + 1] = prologSize;
        _bytes[info + 2] = (byte)codes.Length;
        _bytes[info + 3] = frame;
        int at = (int)info + 4;
        foreach (ushort code in codes)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(at), code);
            at += 2;
        }

        at = (at + 3) & ~3;
        if (parent is { } p)
        {
            WriteFunction(at, p);
            at += 12;
        }

        _nextInfo = (uint)at;
        return info;
    }

    /// <summary>Adds a function to .pdata; they are to be added in ascending order.</summary>
    public void AddFunction(uint begin, uint end, uint info) => _functions.Add((begin, end, info));

    /// <summary>The image as it lies in memory at <see cref="Base"/>.</summary>
    public byte[] Build()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(0x3C), PeHeader);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(PeHeader), 0x4550);
        int directory = PeHeader + 24 + 112 + (3 * 8);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(directory), _nextInfo);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(directory + 4), _functions.Count * 12);
        for (int i = 0; i < _functions.Count; i++)
        {
            WriteFunction((int)_nextInfo + (i * 12), _functions[i]);
        }

        return _bytes;
    }

    private void WriteFunction(int at, (uint Begin, uint End, uint Info) function)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), function.Begin);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at + 4), function.End);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at + 8), function.Info);
    }
}
