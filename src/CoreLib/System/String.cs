using System.Runtime.CompilerServices;

namespace System;

/// <summary>Only string literals exist here: nothing can allocate one.</summary>
public sealed class String
{
    private readonly int _stringLength;
    private readonly char _firstChar;

    public int Length => _stringLength;

    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return Unsafe.Add(ref Unsafe.AsRef(in _firstChar), index);
        }
    }

    public ref readonly char GetPinnableReference() => ref _firstChar;
}
