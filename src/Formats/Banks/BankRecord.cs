using System.Runtime.InteropServices;

namespace Ember.Formats.Banks;

/// <summary>What the state of the banks says of one.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct BankRecord
{
    /// <summary>Bytes of a record.</summary>
    public const int Size = 8;

    /// <summary>What is known of it.</summary>
    [FieldOffset(0)]
    public BankCondition Condition;

    /// <summary>How often a trial may still be started, 0 to <see cref="BankState.MostTries"/>; 0 in any other condition.</summary>
    [FieldOffset(4)]
    public uint TriesLeft;

    /// <summary>Whether it is one that may be.</summary>
    internal readonly bool IsValid =>
        Condition <= BankCondition.Bad && TriesLeft <= (Condition == BankCondition.Trial ? BankState.MostTries : 0);

    /// <summary>Whether the loader starts it unasked.</summary>
    internal readonly bool IsStartable =>
        Condition == BankCondition.Good || (Condition == BankCondition.Trial && TriesLeft != 0);
}
