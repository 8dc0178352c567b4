namespace System;

/// <summary>Only arrays the compiler laid out as constants exist here: nothing can allocate one.</summary>
public abstract class Array
{
    private readonly int _numComponents;
#pragma warning disable CS0169
    private readonly int _padding;
#pragma warning restore CS0169

    public int Length => _numComponents;
}

internal class Array<T> : Array { }

/// <summary>Where an array's elements start.</summary>
internal sealed class RawArrayData
{
    public uint Length;
    public uint Padding;
    public byte Data;
}
