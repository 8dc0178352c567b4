using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>
/// Power fails at every sector of an update and of the loader's own writes; the last one may be torn, and writes that no flush has closed
/// off may be lost in any order. Each time the medium is put together as it would be, and the loader's own code chooses: always a bank
/// that verifies.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private static readonly int[] _tears = [1, 128, 256, 511];

    /// <summary>Inside the fields of a state.</summary>
    private static readonly int[] _stateTears = [1, 14, 20, 28, 36, 42, 46, 50, 54, 128];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-power-cut-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Who writes the update, and what is known of the banks before.</summary>
    public static TheoryData<bool, BankCondition, BankCondition> Updates
    {
        get
        {
            TheoryData<bool, BankCondition, BankCondition> updates = [];
            foreach (bool byLoader in (bool[])[false, true])
            {
                updates.Add(byLoader, BankCondition.Good, BankCondition.Good);
                updates.Add(byLoader, BankCondition.Good, BankCondition.Empty);
                updates.Add(byLoader, BankCondition.Good, BankCondition.Trial);
                updates.Add(byLoader, BankCondition.Trial, BankCondition.Good);
                updates.Add(byLoader, BankCondition.Bad, BankCondition.Good);
            }

            return updates;
        }
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void A_power_cut_at_any_sector_of_an_update_leaves_a_bank_that_starts(bool byLoader, BankCondition a, BankCondition b)
    {
        byte[] before = Key(a, b);
        RecordingMedium recorded = new([.. before]);
        Update(recorded, byLoader);
        Parallel.For(0, recorded.Writes.Count + 1, cut => RequireStart(Prefix(before, recorded.Writes, cut, 0), cut));
        Parallel.For(0, recorded.Writes.Count, cut =>
        {
            foreach (int tear in TearsOf(recorded.Writes[cut]))
            {
                RequireStart(Prefix(before, recorded.Writes, cut, tear), cut);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Updates))]
    public void Writes_that_no_flush_has_closed_off_may_be_lost_in_any_order(bool byLoader, BankCondition a, BankCondition b)
    {
        byte[] before = Key(a, b);
        RecordingMedium recorded = new([.. before]);
        Update(recorded, byLoader);
        int windows = recorded.Writes[^1].Window + 1;
        for (int window = 0; window < windows; window++)
        {
            SectorWrite[] open = [.. recorded.Writes.Where(write => write.Window == window)];
            byte[] closed = Apply(before, recorded.Writes.Where(write => write.Window < window));
            int last = window;

            // Each write alone lost, each alone kept, and many mixtures; the mixtures follow from their number.
            Parallel.For(0, open.Length, i =>
            {
                RequireStart(Apply(closed, open.Where((_, j) => j != i)), last);
                RequireStart(Apply(closed, [open[i]]), last);
                RequireStart(Apply(closed, open.Where((_, j) => Mixed(i, j))), last);
            });
        }
    }

    [Fact]
    public void With_the_second_key_still_plugged_in_the_next_start_makes_an_update_again_that_was_cut_anywhere()
    {
        byte[] before = Key(BankCondition.Good, BankCondition.Good);
        byte[] bundle = SmallKey.BundleBytes(_folder.FullName, "2.0.0");
        RecordingMedium recorded = new([.. before]);
        Update(recorded, byLoader: true);
        Parallel.For(0, recorded.Writes.Count + 1, cut =>
        {
            RecordingMedium key = new(Prefix(before, recorded.Writes, cut, 0));
            Assert.Equal("2.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [bundle] }));
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_an_update_the_new_version_is_tried_and_confirmed(bool byLoader)
    {
        RecordingMedium medium = new(Key(BankCondition.Good, BankCondition.Empty));
        Update(medium, byLoader);
        Assert.Equal("2.0.0", Start(medium, byLoader ? 77u : 0));
        Assert.Equal("2.0.0", Start(medium, 77));
        Assert.Equal(BankCondition.Good, new KeyReader(medium, "key").ReadState(out _).B.Condition);
    }

    [Fact]
    public void A_power_cut_while_the_loader_counts_leaves_a_bank_that_starts()
    {
        foreach (ulong confirmed in (ulong[])[0, 77])
        {
            byte[] image = Key(BankCondition.Good, BankCondition.Empty);
            Update(new RecordingMedium(image), byLoader: false);
            for (int start = 0; start < 6; start++)
            {
                byte[] before = [.. image];
                RecordingMedium recorded = new([.. before]);
                Assert.NotNull(Start(recorded, confirmed));
                for (int cut = 0; cut <= recorded.Writes.Count; cut++)
                {
                    RequireStart(Prefix(before, recorded.Writes, cut, 0), cut);
                    foreach (int tear in cut < recorded.Writes.Count ? _stateTears : [])
                    {
                        RequireStart(Prefix(before, recorded.Writes, cut, tear), cut);
                    }
                }

                image = recorded.Content;
            }
        }
    }

    private static int[] TearsOf(SectorWrite write) => write.Bytes.AsSpan().StartsWith("EMBRSTAT"u8) ? _stateTears : _tears;

    private static bool Mixed(int number, int index) => (((number + 1) * 2654435761L * (index + 7)) >> 13 & 1) != 0;

    private static byte[] Prefix(byte[] before, List<SectorWrite> writes, int count, int torn)
    {
        byte[] content = Apply(before, writes.Take(count));
        if (torn != 0)
        {
            writes[count].Bytes.AsSpan(0, torn).CopyTo(content.AsSpan(writes[count].Offset));
        }

        return content;
    }

    private static byte[] Apply(byte[] before, IEnumerable<SectorWrite> writes)
    {
        byte[] content = [.. before];
        foreach (SectorWrite write in writes)
        {
            write.Bytes.CopyTo(content, write.Offset);
        }

        return content;
    }

    private static void RequireStart(byte[] content, int cut) =>
        Assert.True(Start(new RecordingMedium(content), 0) is "1.0.0" or "2.0.0", $"no bank starts after cut {cut}");

    private static string? Start(RecordingMedium content, ulong confirmed) =>
        LoaderStart.Run(content, new Surroundings { ConfirmedAttempt = confirmed });

    private void Update(RecordingMedium medium, bool byLoader)
    {
        if (byLoader)
        {
            LoaderStart.Run(medium, new Surroundings { Bundles = [SmallKey.BundleBytes(_folder.FullName, "2.0.0")] });
            return;
        }

        using BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0");
        new BankUpdate(medium, "key").Run(bundle);
    }

    /// <summary>A key whose preferred bank is the one that is not bad, and B if both could be.</summary>
    private byte[] Key(BankCondition a, BankCondition b)
    {
        byte[] image = SmallKey.Image(_folder.FullName, hasB: b != BankCondition.Empty);
        RecordingMedium medium = new(image);
        KeyReader reader = new(medium, "key");
        BankState state = reader.ReadState(out bool writeSecond);
        state.Preferred = b == BankCondition.Trial ? BankSlot.B : a is BankCondition.Trial or BankCondition.Good ? BankSlot.A : BankSlot.B;
        state.A = Record(a);
        state.B = Record(b);
        foreach (bool second in (bool[])[writeSecond, !writeSecond])
        {
            byte[] sector = new byte[BankState.Size];
            state.WriteNext(sector);
            medium.Write(reader.StateOffset(second), sector);
        }

        return image;

        static BankRecord Record(BankCondition condition) =>
            new() { Condition = condition, TriesLeft = condition == BankCondition.Trial ? BankState.MostTries : 0 };
    }
}
