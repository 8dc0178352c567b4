using System;
using System.IO;
using System.Linq;
using System.Threading;
using Ember.Sdk.Gpt;
using Ember.Sdk.Media;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Media;

public sealed class MediumWriterTests : IDisposable
{
    private const int MiB = KeyImages.MiB;
    private const int Larger = 11 * MiB;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int> Lengths => [KeyImages.Small.Length, KeyImages.Small.Length + 512, Larger];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lengths))]
    public void The_image_is_on_the_medium_with_a_table_that_fits_it(int length)
    {
        FakeMedium medium = new(KeyImages.Former(length));
        WriteReport report = Write(medium, new WriteOptions());
        AssertComplete(medium.Content);
        Assert.Equal(length != KeyImages.Small.Length, report.IsTableMoved);
        Assert.Equal(Hash(KeyImages.Small), report.ImageSha256);
        Assert.Equal(Hash(medium.Content.AsSpan(0, KeyImages.Small.Length)), report.MediumSha256);
        string file = _folder["medium.img"];
        File.WriteAllBytes(file, medium.Content);
        Oracles.RequireCleanTable(file);
    }

    [Fact]
    public void A_compressed_image_gives_the_same_medium()
    {
        FakeMedium plain = new(KeyImages.Former(Larger));
        FakeMedium compressed = new(KeyImages.Former(Larger));
        Write(plain, new WriteOptions());
        MediumImage image = MediumImage.Read(KeyImages.Compressed(_folder, KeyImages.Small), Larger);
        new MediumWriter(image, compressed, new WriteOptions()).Write();
        Assert.True(plain.Content.AsSpan().SequenceEqual(compressed.Content));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Cut_anywhere_the_medium_has_what_it_had_or_boots_nothing_or_is_complete(bool changedOnly, bool checkCapacity)
    {
        FakeMedium whole = new(KeyImages.Former(Larger));
        Write(whole, new WriteOptions { ChangedOnly = changedOnly, CheckCapacity = checkCapacity });
        byte[] medium = KeyImages.Former(Larger);
        int cut = 0;
        int complete = 0;
        foreach ((long Offset, byte[] Bytes)? write in whole.Writes)
        {
            if (write is { } bytes)
            {
                // Torn in its middle, then whole.
                bool isLast = Array.TrueForAll(whole.Writes.Skip(cut + 1).ToArray(), later => later is null);
                bytes.Bytes.AsSpan(0, bytes.Bytes.Length / 1024 * 512).CopyTo(medium.AsSpan((int)bytes.Offset));
                AssertNoHalfBoot(medium, cut, isLast);
                bytes.Bytes.CopyTo(medium.AsSpan((int)bytes.Offset));
                AssertNoHalfBoot(medium, cut, isLast);
                complete += HasFirst(medium) && cut > 0 ? 1 : 0;
            }

            cut++;
        }

        Assert.Equal(1, complete);
        AssertComplete(medium);
    }

    [Fact]
    public void Everything_else_is_flushed_before_the_first_block_is_written_and_that_is_flushed_after()
    {
        FakeMedium medium = new(KeyImages.Former(Larger));
        Write(medium, new WriteOptions());
        Assert.Equal(0, medium.Writes[0]!.Value.Offset);
        Assert.Null(medium.Writes[1]);
        Assert.All(medium.Writes.Skip(1).SkipLast(2), write => Assert.NotEqual(0, write?.Offset));
        Assert.Null(medium.Writes[^3]);
        Assert.Equal(0, medium.Writes[^2]!.Value.Offset);
        Assert.Null(medium.Writes[^1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_write_that_fails_leaves_what_was_there_or_a_medium_without_first_block(bool isFull)
    {
        FakeMedium whole = new(KeyImages.Former(Larger));
        Write(whole, new WriteOptions());
        for (int failing = 0; failing < whole.Writes.Count; failing++)
        {
            FakeMedium medium = new(KeyImages.Former(Larger));
            medium.BeforeWrite = count =>
            {
                if (count == failing)
                {
                    medium.BeforeWrite = _ => { };
                    throw isFull ? new IOException("No space left on device", 28) : new IOException("Input/output error", 5);
                }
            };
            EmberException failure = Assert.Throws<EmberException>(() => Write(medium, new WriteOptions()));
            Assert.Equal(isFull ? ErrorKind.Host : ErrorKind.Checked, failure.Kind);
            Assert.Contains("write it again", failure.Message, StringComparison.Ordinal);
            Assert.True(failing == 0 || !HasFirst(medium.Content), $"failing write {failing}");
        }
    }

    [Theory]
    [InlineData(8 * MiB)]
    [InlineData(7 * MiB)]
    [InlineData(3 * MiB)]
    public void A_medium_that_wraps_around_is_told(int real)
    {
        FakeMedium medium = new(KeyImages.Former(real), 32 * MiB) { Place = offset => offset % real };
        MediumFaultException fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
        Assert.False(HasFirst(medium.Content));
        Assert.Equal(1, fault.ExitCode);
        fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions { CheckCapacity = true }));
        Assert.Equal(MediumFault.Wrapped, fault.Fault);
        Assert.False(HasFirst(medium.Content));
    }

    [Theory]
    [InlineData(8 * MiB)]
    [InlineData(31 * MiB)]
    [InlineData(3 * MiB)]
    public void A_medium_that_drops_what_is_behind_its_end_is_told(int real)
    {
        FakeMedium medium = new(KeyImages.Former(real), 32 * MiB) { Place = offset => offset < real ? offset : null };
        MediumFaultException fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
        Assert.Equal(MediumFault.Dropped, fault.Fault);
        Assert.False(HasFirst(medium.Content));
        fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions { CheckCapacity = true }));
        Assert.Equal((MediumFault.Dropped, real), (fault.Fault, fault.Offset));
    }

    [Fact]
    public void A_medium_that_takes_no_writes_is_told_and_not_called_erased()
    {
        FakeMedium medium = new(KeyImages.Former(Larger)) { Place = _ => null };
        medium.AfterRead = (offset, bytes) => medium.Content.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
        MediumFaultException fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
        Assert.Contains("takes no writes", fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, medium.Writes.Count);
    }

    [Fact]
    public void One_bit_that_reads_back_wrong_is_told_wherever_it_is()
    {
        foreach (long wrong in new[] { MiB, 2 * MiB + 5000, 4 * MiB + 100, Larger - 1, Larger - 600, 0, 520 })
        {
            FakeMedium medium = new(KeyImages.Former(Larger));
            bool isLastWrite = false;
            medium.BeforeWrite = count => isLastWrite = count > 3;
            medium.AfterRead = (offset, bytes) =>
            {
                if (isLastWrite && wrong >= offset && wrong < offset + bytes.Length)
                {
                    bytes[wrong - offset] ^= 4;
                }
            };
            Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
            Assert.False(HasFirst(medium.Content), $"byte {wrong}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(520)]
    public void A_first_block_that_reads_back_wrong_is_taken_away_again(int wrong)
    {
        FakeMedium medium = new(KeyImages.Former(Larger))
        {
            AfterRead = (offset, bytes) => bytes[wrong] ^= (byte)(offset == 0 && bytes[511] == 0xAA ? 4 : 0),
        };
        MediumFaultException fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
        Assert.Equal(0, fault.Offset);
        Assert.False(HasFirst(medium.Content));
    }

    [Fact]
    public void Two_blocks_that_are_exchanged_are_told()
    {
        FakeMedium medium = new(KeyImages.Former(Larger))
        {
            Place = offset => (offset / MiB) switch { 1 => offset + 2 * MiB, 3 => offset - 2 * MiB, _ => offset },
        };
        medium.AfterRead = (offset, bytes) =>
        {
            if (offset / MiB is 1 or 3)
            {
                medium.Content.AsSpan((int)offset, bytes.Length).CopyTo(bytes);
            }
        };
        MediumFaultException fault = Assert.Throws<MediumFaultException>(() => Write(medium, new WriteOptions()));
        Assert.Equal((MediumFault.Wrapped, MiB), (fault.Fault, fault.Offset));
    }

    [Fact]
    public void Stopped_in_any_phase_the_medium_is_as_it_was_or_has_no_first_block()
    {
        WriteOptions all = new() { ChangedOnly = true, CheckCapacity = true };
        foreach (MediumPhase phase in Enum.GetValues<MediumPhase>())
        {
            byte[] former = KeyImages.Former(Larger);
            FakeMedium medium = new((byte[])former.Clone());
            using CancellationTokenSource stop = new();
            MediumWriter? writer = null;
            void Progress(MediumProgress progress)
            {
                if (progress.Phase == phase)
                {
                    stop.Cancel();
                }
            }

            Assert.Throws<OperationCanceledException>(() =>
            {
                MediumImage image = MediumImage.Read(Source(), Larger, Progress, stop.Token);
                writer = new MediumWriter(image, medium, all with { CheckCapacity = phase != MediumPhase.Comparing, Progress = Progress });
                writer.Write(stop.Token);
            });
            bool isUntouched = phase is MediumPhase.Reading or MediumPhase.Comparing;
            Assert.Equal(isUntouched ? MediumState.Untouched : MediumState.Cleared, writer?.State ?? MediumState.Untouched);
            Assert.Equal(isUntouched, former.AsSpan().SequenceEqual(medium.Content));
            Assert.Equal(isUntouched, HasFirst(medium.Content));
        }
    }

    [Fact]
    public void Only_what_differs_is_written_when_that_is_asked_for()
    {
        FakeMedium medium = new(KeyImages.Former(Larger));
        Write(medium, new WriteOptions());
        medium.Content[2 * MiB + 7] ^= 1;
        medium.Writes.Clear();
        WriteReport report = Write(medium, new WriteOptions { ChangedOnly = true });
        AssertComplete(medium.Content);
        Assert.Equal([2L * MiB], medium.Writes.OfType<(long Offset, byte[] Bytes)>().Select(write => write.Offset)
            .Where(offset => offset is >= MiB and < 4 * MiB));
        Assert.True(report.BytesSkipped >= 2 * MiB);

        medium.Writes.Clear();
        report = Write(medium, new WriteOptions { ChangedOnly = true });
        Assert.Empty(medium.Writes);
        Assert.Equal((0, Hash(medium.Content.AsSpan(0, KeyImages.Small.Length))), (report.BytesWritten, report.MediumSha256));
    }

    [Fact]
    public void Zeros_are_written_over_what_was_there_and_left_out_only_where_all_is_zero()
    {
        FakeMedium fresh = new(new byte[Larger]) { IsZero = true };
        WriteReport report = Write(fresh, new WriteOptions());
        AssertComplete(fresh.Content);
        Assert.Equal(MiB, report.BytesSkipped / MiB * MiB);
        Assert.DoesNotContain(fresh.Writes, write => write?.Offset == 2 * MiB);
        AssertComplete(Written(new WriteOptions { CheckCapacity = true }, new FakeMedium(new byte[Larger]) { IsZero = true }));
    }

    [Fact]
    public void An_image_that_changes_between_the_two_readings_is_not_written_to_the_end()
    {
        MediumImage image = MediumImage.Read(Source(), Larger);
        byte[] changed = (byte[])KeyImages.Small.Clone();
        changed[3 * MiB] ^= 1;
        File.WriteAllBytes(_folder["key.img"], changed);
        FakeMedium medium = new(KeyImages.Former(Larger));
        EmberException failure = Assert.Throws<EmberException>(() => new MediumWriter(image, medium, new WriteOptions()).Write());
        Assert.Equal(ErrorKind.Input, failure.Kind);
        Assert.False(HasFirst(medium.Content));
    }

    private byte[] Written(WriteOptions options, FakeMedium medium)
    {
        Write(medium, options);
        return medium.Content;
    }

    private WriteReport Write(FakeMedium medium, WriteOptions options) =>
        new MediumWriter(MediumImage.Read(Source(), medium.Length), medium, options).Write();

    private ImageSource Source() => KeyImages.Source(_folder, KeyImages.Small);

    // What was there, whole; or no protective MBR and no header in either place; or, from when the last block is being written, the image.
    private static void AssertNoHalfBoot(byte[] medium, int cut, bool isLast)
    {
        if (cut == 0)
        {
            byte[] former = KeyImages.Former(medium.Length);
            Assert.True(!HasFirst(medium) || medium.AsSpan(MiB).SequenceEqual(former.AsSpan(MiB)));
        }
        else if (isLast)
        {
            Assert.True(medium.AsSpan(MiB, 3 * MiB).SequenceEqual(KeyImages.Small.AsSpan(MiB, 3 * MiB)));
        }
        else
        {
            Assert.False(HasFirst(medium), $"write {cut}");
            bool hasBackup = medium.AsSpan(medium.Length - 512, 8).SequenceEqual("EFI PART"u8);
            Assert.True(!hasBackup || HasBody(medium, KeyImages.Small) || HasBody(medium, KeyImages.Former(medium.Length)), $"write {cut}");
        }

        static bool HasBody(byte[] medium, byte[] image) => medium.AsSpan(MiB, 3 * MiB).SequenceEqual(image.AsSpan(MiB, 3 * MiB));
    }

    private static bool HasFirst(byte[] medium) =>
        medium[511] == 0xAA || medium.AsSpan(512, 8).SequenceEqual("EFI PART"u8);

    private static void AssertComplete(byte[] medium)
    {
        GptTable? table = KeyImages.Table(medium);
        Assert.NotNull(table);
        Assert.Equal(medium.Length / 512, table.SectorCount);
        Assert.True(medium.AsSpan(MiB, 3 * MiB).SequenceEqual(KeyImages.Small.AsSpan(MiB, 3 * MiB)));
        Assert.Equal(1, medium.AsSpan(2 * MiB).Count("EFI PART"u8));
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
}
