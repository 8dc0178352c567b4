using System;
using Ember.Formats.Banks;

namespace Ember.Sdk.Banks;

/// <summary>Makes the content of the state partition.</summary>
public static class BankStateWriter
{
    /// <summary>What a key from the factory has there: both copies, the second one newer.</summary>
    /// <param name="length">Bytes of the partition, a multiple of 1024.</param>
    /// <param name="hasB">Whether bank B holds a copy of bank A.</param>
    public static byte[] Manufacture(int length, bool hasB)
    {
        byte[] partition = new byte[length];
        BankState state = BankState.Manufactured(hasB);
        state.WriteNext(partition);
        state.WriteNext(partition.AsSpan(SecondCopy(length)));
        return partition;
    }

    /// <summary>Where the second copy lies in a partition.</summary>
    /// <param name="length">Bytes of the partition, a multiple of 1024.</param>
    public static int SecondCopy(int length) => length / 2;
}
