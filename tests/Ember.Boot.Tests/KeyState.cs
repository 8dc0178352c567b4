using System;
using System.IO;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;

namespace Ember.Boot.Tests;

/// <summary>The state of the banks in an image.</summary>
internal static class KeyState
{
    public static void Set(string image, BankSlot preferred, BankCondition a, BankCondition b)
    {
        BankState state = BankState.Manufactured(hasB: true);
        state.Preferred = preferred;
        state.A.Condition = a;
        state.B = new BankRecord { Condition = b, TriesLeft = b == BankCondition.Trial ? BankState.MostTries : 0 };
        byte[] partition = new byte[KeyLayout.StateSize];
        state.WriteNext(partition);
        using FileStream stream = File.Open(image, FileMode.Open);
        stream.Position = Find(stream).FirstLba * GptTable.SectorSize;
        stream.Write(partition);
    }

    public static BankState Read(string image)
    {
        using FileStream stream = File.OpenRead(image);
        stream.Position = Find(stream).FirstLba * GptTable.SectorSize;
        byte[] partition = new byte[KeyLayout.StateSize];
        stream.ReadExactly(partition);
        Assert.True(BankState.TryReadNewest(
            partition.AsSpan(0, BankState.Size),
            partition.AsSpan(BankStateWriter.SecondCopy(partition.Length), BankState.Size),
            out BankState state,
            out _));
        return state;
    }

    private static GptPartition Find(FileStream image) =>
        GptReader.Read(image).Partitions.Single(partition => partition.Name == KeyLayout.StateName);
}
