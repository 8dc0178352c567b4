using System;
using System.Collections.Generic;
using System.Text;
using CsCheck;
using Ember.Formats.Plans;

namespace Ember.Formats.Tests.Plans;

public sealed unsafe class PlanTests
{
    [Fact]
    public void Structures_have_the_sizes_of_the_format()
    {
        Assert.Equal(256, sizeof(PlanHeader));
        Assert.Equal(128, sizeof(PlanPayload));
        Assert.Equal(128, sizeof(PlanMachine));
        Assert.Equal(16, sizeof(PlanModule));
    }

    [Fact]
    public void A_good_plan_reads_back_field_by_field()
    {
        PlanStatus status = Plan.TryRead(PlanBytes.Good(), out Plan plan);

        Assert.Equal(PlanStatus.Good, status);
        Assert.Equal(2u, plan.Header.PayloadCount);
        Assert.Equal(2u, plan.Header.MachineCount);
        Assert.Equal(AfterLastMachine.Stay, plan.Header.AfterLastMachine);
        Assert.Equal(LabCrash.PageFault, plan.Header.LabCrash);
        Assert.Equal("Ember Reference", Encoding.ASCII.GetString(Plan.ProductOf(in plan.Header)));
        Assert.Equal("1.4.0", Encoding.ASCII.GetString(Plan.ProductVersionOf(in plan.Header)));
        Assert.Equal("Help: 555", Encoding.ASCII.GetString(Plan.BannerOf(in plan.Header)));
        Assert.Equal("vmlinuz-6.1.0", Encoding.ASCII.GetString(Plan.NameOf(in plan.Payload(0))));
        Assert.Equal(8_000_000ul, plan.Payload(0).Length);
        Assert.Equal(0x1122_3344_5566_7788ul, plan.Payload(0).Xxh3);
        Assert.Equal("initrd.cpio", Encoding.ASCII.GetString(Plan.NameOf(in plan.Payload(1))));
        Assert.Equal(11, plan.Payload(1).Sha256[31]);
        ref readonly PlanMachine machine = ref plan.Machine(0);
        Assert.Equal("linux", Encoding.ASCII.GetString(Plan.NameOf(in machine)));
        Assert.Equal(256ul << 20, machine.MemoryBytes);
        Assert.Equal(16u, machine.ProcessorCount);
        Assert.Equal(BootProtocol.Linux64, machine.BootProtocol);
        Assert.Equal(0u, machine.KernelPayload);
        Assert.Equal((1u, 0u), (machine.ModuleCount, machine.FirstModule));
        Assert.Equal(RestartPolicy.OnFailure, machine.Restart);
        Assert.Equal(0x8000_0000_0000_0001, machine.Affinity);
        Assert.Equal((10_000u, 1600u), (machine.Weight, machine.Cap));
        Assert.Equal(StartPolicy.OnRequest, machine.Start);
        Assert.Equal("linus", Encoding.ASCII.GetString(Plan.NameOf(in plan.Machine(1))));
        Assert.Equal(1u, plan.Module(0).Payload);
        Assert.Equal(PlanBytes.ModuleText, Encoding.ASCII.GetString(plan.TextOf(in plan.Module(0))));
        Assert.Equal(PlanBytes.CommandLine, Encoding.ASCII.GetString(plan.CommandLine(in machine)));
    }

    [Fact]
    public void Any_single_wrong_byte_is_refused()
    {
        byte[] good = PlanBytes.Good();
        for (int i = 0; i < good.Length; i++)
        {
            foreach (byte difference in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] bad = (byte[])good.Clone();
                bad[i] ^= difference;
                Assert.NotEqual(PlanStatus.Good, Plan.TryRead(bad, out _));
            }
        }
    }

    /// <summary>Whoever can write the plan can also write its digest: the structure has to hold by itself.</summary>
    [Fact]
    public void A_wrong_byte_under_a_right_digest_is_refused_or_harmless()
    {
        byte[] good = PlanBytes.Good();
        Dictionary<PlanStatus, int> seen = [];
        for (int i = 0; i < good.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] bad = (byte[])good.Clone();
                bad[i] = (byte)value;
                PlanStatus status = ReadEverything(PlanBytes.Digested(bad));
                seen[status] = seen.GetValueOrDefault(status) + 1;
            }
        }

        Assert.DoesNotContain(PlanStatus.DigestDiffers, seen.Keys);
        Assert.DoesNotContain(PlanStatus.TooShort, seen.Keys);
        Assert.Equal(Enum.GetValues<PlanStatus>().Length - 2, seen.Count);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] good = PlanBytes.Good();
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Equal(
                length < PlanHeader.Size ? PlanStatus.TooShort : PlanStatus.LengthDiffers,
                Plan.TryRead(good.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void A_byte_more_is_refused()
    {
        byte[] longer = [.. PlanBytes.Good(), 0];

        Assert.Equal(PlanStatus.LengthDiffers, Plan.TryRead(longer, out _));
    }

    [Fact]
    public void A_plan_above_the_limit_is_refused_before_it_is_hashed()
    {
        byte[] huge = new byte[PlanHeader.MaximumLength + 1];
        PlanBytes.Good().CopyTo(huge, 0);
        PlanBytes.UInt32(huge, 12, (uint)huge.Length);

        Assert.Equal(PlanStatus.LengthDiffers, Plan.TryRead(huge, out _));
    }

    /// <summary>Any words at the places that decide where is read, under a right digest.</summary>
    [Fact]
    public void Hostile_counts_offsets_and_lengths_are_never_followed()
    {
        int[] places = [12, 48, 52, 56, 60, 64, 68, 128, 132, 560, 564, 568, 572, 576, 692, 696, 700, 704, 768, 772, 776];
        Gen<uint> word = Gen.OneOf(Gen.UInt, Gen.UInt[0, 1024], Gen.UInt[uint.MaxValue - 1024, uint.MaxValue]);
        Gen.Select(Gen.Int[0, places.Length - 1], word).Array[1, 5].Sample(changes =>
        {
            byte[] bad = PlanBytes.Good();
            foreach ((int place, uint value) in changes)
            {
                PlanBytes.UInt32(bad, places[place], value);
            }

            _ = ReadEverything(PlanBytes.Digested(bad));
        });
    }

    [Fact]
    public void Random_bytes_after_the_magic_are_never_followed()
    {
        Gen.Select(Gen.Byte.Array[0, 1500], Gen.Bool).Sample((bytes, plausible) =>
        {
            if (plausible && bytes.Length >= 16)
            {
                PlanBytes.Text(bytes, 0, "EMBRPLAN");
                PlanBytes.UInt32(bytes, 8, 3);
                PlanBytes.UInt32(bytes, 12, (uint)bytes.Length);
            }

            _ = ReadEverything(PlanBytes.Digested(bytes));
        });
    }

    [Fact]
    public void Every_status_has_its_own_words()
    {
        HashSet<string> texts = [];
        foreach (PlanStatus status in Enum.GetValues<PlanStatus>())
        {
            string text = Encoding.ASCII.GetString(PlanStatusText.Of(status));
            Assert.True(texts.Add(text), text);
            Assert.NotEqual("unknown status", text);
        }
    }

    /// <summary>Reads a plan, and when it is accepted everything that it offers: an access out of range would throw.</summary>
    private static PlanStatus ReadEverything(byte[] bytes)
    {
        // Exactly as long as the plan, so that the span itself catches an access beyond it.
        PlanStatus status = Plan.TryRead(bytes, out Plan plan);
        if (status != PlanStatus.Good)
        {
            return status;
        }

        for (int i = 0; i < plan.Header.PayloadCount; i++)
        {
            Assert.NotEqual(0, Plan.NameOf(in plan.Payload(i)).Length);
            Assert.NotEqual(0ul, plan.Payload(i).Length);
        }

        for (int i = 0; i < plan.Header.MachineCount; i++)
        {
            ref readonly PlanMachine machine = ref plan.Machine(i);
            Assert.NotEqual(0, Plan.NameOf(in machine).Length);
            Assert.InRange(plan.CommandLine(in machine).Length, 0, 2047);
            Assert.InRange(machine.KernelPayload, 0u, plan.Header.PayloadCount - 1);
            for (uint module = 0; module < machine.ModuleCount; module++)
            {
                ref readonly PlanModule entry = ref plan.Module((int)(machine.FirstModule + module));
                Assert.InRange(plan.TextOf(in entry).Length, 0, 2047);
                Assert.InRange(entry.Payload, 0u, plan.Header.PayloadCount - 1);
            }
        }

        return status;
    }
}
