using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Formats.Plans;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;
using Ember.Sdk.Tests.Signing;
using static Ember.Sdk.Tests.Verification.KeyBytes;
using static Ember.Sdk.Tests.Verification.PlantedDefect;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Defects of loader, banks, plan and state, most of them signed as if they were right.</summary>
internal static class BankDefects
{
    private const string Core = "CORE    EFI";
    private const string Loader = "BOOTX64 EFI";
    private const int CodeOffset = 0x200;

    public static IEnumerable<PlantedDefect> All =>
    [
        InBytes("no loader", "ESP-01", key => key.Byte(key.Find(Esp, Loader) + 7, (byte)'A')),
        InBytes("another file beside the loader", "ESP-02", key => key.Byte(key.Find(Esp, Loader) + 7, (byte)'A')),
        InContent("a loader that is no application", "EXE-01", key => key.ChangeLoader = loader => Set(loader, 0, 0)),
        InContent("a core for another processor", "EXE-01", key => key.ChangeCore = core => Set(core, 0x44, 0x4C)),
        InContent("a core cut off", "EXE-01", key => key.ChangeCore = core => core[..1000]),
        InContent("a loader whose header is at 4 GiB", "EXE-01", key => key.ChangeLoader = loader => Set(loader, 0x3F, 0xFF)),
        InContent("a core that is not signed", "EXE-02", key => key.ChangeCore = _ => SmallEfi.Build(0xCC)),
        InContent("a signature that is none", "EXE-03", key => key.ChangeCore = core => Set(core, SmallEfi.Build(0).Length + 8, 0)),
        InContent("a signature of another revision", "EXE-03", key => key.ChangeLoader = loader =>
            Set(loader, SmallEfi.Build(0).Length + 5, 1)),
        InContent("a core changed after it was signed", "EXE-04", key => key.ChangeCore = core => Set(core, CodeOffset, 0xF4)),
        InContent("a loader changed after it was signed", "EXE-04", key => key.ChangeLoader = loader =>
            Set(loader, CodeOffset + 511, 0xF4)),
        InContent("an Authenticode signature with a wrong bit", "EXE-05", key => key.ChangeCore = core =>
            Set(core, core.Length - 100, core[^100] ^ 1)),
        InContent("a core signed by another key", "EXE-07", key => key.CoreKey = Another()),
        InContent("a header with a wrong checksum", "EXE-08", key => key.ChangeCore = core => Set(core, 0x58 + 64, core[0x58 + 64] ^ 1)),

        InContent("a loader without a key", "SIGN-01", key => key.ChangeLoader = loader => Set(loader, 0x400, 0)),
        InContent("a loader whose key is even", "SIGN-01", key => key.ChangeLoader = loader => Set(loader, 0x400 + 56 + 383, 0)),
        InContent("no signature", "SIGN-02", key => key.LeftOut.Add(BankNames.Signature)),
        InContent("a signature cut off", "SIGN-03", key => key.ChangeSignature = signature => signature[..^1]),
        InContent("a signature with something behind", "SIGN-03", key => key.ChangeSignature = signature => [.. signature, 0]),
        InContent("a bank signed by another key", "SIGN-04", key => key.BankKey = Another()),
        InContent("a signature with a wrong bit", "SIGN-05", key => key.ChangeSignature = signature =>
            Set(signature, 200, signature[200] ^ 1)),
        InContent("a test key's bank that does not say so", "SIGN-06", key => key.Description = key.Description with { IsTestKey = false }),
        InContent("a bank that says it is a test key's", "SIGN-06", key => (key.BankKey, key.LoaderVendorKey) = (Another(), Another())),

        InContent("no manifest", "BANK-01", key => key.LeftOut.Add(BankNames.Manifest)),
        InContent("a manifest cut off", "BANK-02", key => key.ChangeManifest = manifest => manifest[..^1]),
        InContent("a manifest of version 2", "BANK-02", key => key.ChangeManifest = manifest => Set(manifest, 8, 2)),
        InContent("a manifest of a billion files", "BANK-02", key => key.ChangeManifest = manifest => Set(manifest, 19, 0x40)),
        InContent("a payload is missing", "BANK-03", key => key.LeftOut.Add("vmlinuz")),
        InContent("the core is missing", "BANK-03", key => key.LeftOut.Add(BankNames.Core)),
        InContent("a payload has another length", "BANK-04", key => key.ChangeItems = items =>
            Digest(items, digest => digest with { Length = digest.Length + 1 })),
        InContent("a payload has another XXH3", "BANK-05", key => key.ChangeItems = items =>
            Digest(items, digest => digest with { Xxh3 = digest.Xxh3 ^ 1 })),
        InContent("a payload has another SHA-256", "BANK-06", key => key.ChangeItems = items =>
            Digest(items, digest => digest with { Sha256 = new string('0', 64) })),
        InBytes("a payload with a wrong bit", "BANK-06", key =>
            key.Byte(key.Content("VMLINUZ    ") + 5000, key.Bytes[key.Content("VMLINUZ    ") + 5000] ^ 1)),
        InContent("a file that the manifest does not name", "BANK-07", key => key.MoreFilesOfBankA.Add("autorun.inf", [1])),
        InContent("a folder in a bank", "BANK-08", key => key.MoreFilesOfBankA.Add("more/file", [1])),
        InContent("a core of another name", "BANK-09", key => key.ChangeItems = items =>
            [items[0] with { Name = "vmlinuz" }, .. items.Where(item => item.Name == "appliance.plan")]),
        InContent("a logo that is no picture", "BANK-13", key =>
        {
            key.Payloads.Add(BankNames.Logo, [1, 2, 3]);
            key.ChangeItems = items =>
                [.. items.Select(item => item.Name == BankNames.Logo ? item with { Kind = BankFileKind.Logo } : item)];
        }),
        InContent("an address of another name", "BANK-09", key => key.AddAddress("update.addr", "http://updates.example/")),
        InContent("an address that is none", "BANK-12", key => key.AddAddress(BankNames.UpdateAddress, "http://updates.example/edge")),
        InContent("an address that is too long", "BANK-12", key =>
            key.AddAddress(BankNames.UpdateAddress, "http://updates.example/" + new string('a', 177) + "/")),
        InContent("banks of two products", "BANK-10", key => key.DescriptionOfB = key.Description with { Product = "Core" }),

        InContent("a plan cut off", "PLAN-01", key => key.ChangePlan = plan => plan[..^1]),
        InContent("a plan with a wrong bit", "PLAN-01", key => key.ChangePlan = plan => Set(plan, 300, plan[300] ^ 1)),
        InContent("a payload of the plan that the manifest does not name", "PLAN-02", key => key.ChangeItems = items =>
            [.. items.Where(item => item.Name != "vmlinuz")]),
        InContent("a payload that is another in the plan", "PLAN-03", key => key.Payloads["vmlinuz"] = ImageFixture.Pattern(9000, 7)),
        InContent("a payload that the plan does not use", "PLAN-04", key => key.Payloads.Add("more.img", [1, 2, 3])),
        InContent("a plan of another product", "PLAN-05", key => key.PlanProduct = "Core"),
        InContent("a plan for the lab signed for customers", "PLAN-06", key =>
        {
            key.LabCrash = LabCrash.PageFault;
            key.Description = key.Description with { IsTestKey = false };
            (key.BankKey, key.LoaderVendorKey) = (Another(), Another());
        }),

        InBytes("the first copy of the state damaged", "STATE-01", key => key.Byte(State, 0)),
        InBytes("the second copy of the state damaged", "STATE-01", key => key.Byte(State + (1 << 19) + 16, 77)),
        InBytes("both copies of the state damaged", "STATE-02", key => key.Byte(State, 0).Byte(State + (1 << 19), 0)),
        InContent("both copies of the state of one change", "STATE-03", key => key.ChangeState = state =>
            [.. state[..(1 << 19)], .. state[..(1 << 19)]]),
        InContent("copies of the state far apart", "STATE-03", key => key.ChangeState = state =>
            [.. state[..(1 << 19)], .. StateOf(9, good => good)[(1 << 19)..]]),
        InBytes("a good bank with a damaged core", "STATE-04", key => key.Byte(key.Content(Core) + CodeOffset, 0)),
        InContent("a bank preferred that is bad", "STATE-05", key => key.ChangeState = _ =>
            StateOf(1, state => state with { A = new BankRecord { Condition = BankCondition.Bad } })),
        InBytes("something else in the state's partition", "STATE-06", key => key.Byte(State + 5000, 1)),
        InContent("an empty bank with files", "STATE-07", key => key.ChangeState = _ => StateOf(1, state => state with { B = default })),
        InContent("a bank on trial without tries", "STATE-08", key => key.ChangeState = _ =>
            StateOf(1, state => state with { B = new BankRecord { Condition = BankCondition.Trial } })),
    ];

    /// <summary>Both copies of a state.</summary>
    public static byte[] StateOf(ulong sequence, Func<BankState, BankState> change)
    {
        byte[] partition = new byte[1 << 20];
        BankState state = change(BankState.Manufactured(hasB: true));
        state.Sequence = sequence;
        state.WriteNext(partition);
        state.WriteNext(partition.AsSpan(1 << 19));
        return partition;
    }

    private static ISigningKey Another()
    {
        using TemporaryFolder folder = new();
        return KeyMaker.Open(folder);
    }

    private static byte[] Set(byte[] bytes, int offset, int value)
    {
        bytes[offset] = (byte)value;
        return bytes;
    }

    private static List<BankItem> Digest(List<BankItem> items, Func<ContentDigest, ContentDigest> change) =>
        [.. items.Select(item => item.Kind == BankFileKind.Payload ? item with { Digest = change(item.Digest) } : item)];
}
