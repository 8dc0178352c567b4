using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Plans;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;
using Ember.Sdk.Pe;
using Ember.Sdk.Plans;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;

namespace Ember.Sdk.Tests.Verification;

/// <summary>A small key, signed with the common test key, any part of which may be another before it is written.</summary>
internal sealed class SignedKey
{
    private const long MiB = ImageFixture.MiB;

    private readonly SortedDictionary<string, byte[]> _addresses = new(StringComparer.Ordinal);

    public static ISigningKey TestKey { get; } = CommonTestKey.Open();

    /// <summary>FAT32 and FAT16, as keys for customers have them, in the least room.</summary>
    public static KeyLayout Layout { get; } = KeyLayout.Standard with { EspSize = 33 * MiB, BankSize = 4 * MiB };

    /// <summary>The files of the bank that are not made from others.</summary>
    public SortedDictionary<string, byte[]> Payloads { get; } = new(StringComparer.Ordinal)
    {
        ["initrd.img"] = ImageFixture.Pattern(5000, 1),
        ["vmlinuz"] = ImageFixture.Pattern(9000, 2),
    };

    public SortedDictionary<string, byte[]> MoreFilesOfBankA { get; } = new(StringComparer.Ordinal);

    public BankDescription Description { get; set; } = new("Example", "Edge", "1.0", 1, IsTestKey: true);

    public BankDescription? DescriptionOfB { get; set; }

    public string PlanProduct { get; set; } = "Edge";

    public LabCrash LabCrash { get; set; }

    public Func<byte[], byte[]> ChangeLoader { get; set; } = loader => loader;

    public Func<byte[], byte[]> ChangeCore { get; set; } = core => core;

    public Func<byte[], byte[]> ChangePlan { get; set; } = plan => plan;

    public Func<List<BankItem>, List<BankItem>> ChangeItems { get; set; } = items => items;

    public Func<byte[], byte[]> ChangeManifest { get; set; } = manifest => manifest;

    public Func<byte[], byte[]> ChangeSignature { get; set; } = signature => signature;

    public Func<byte[], byte[]> ChangeState { get; set; } = state => state;

    public ISigningKey BankKey { get; set; } = TestKey;

    public ISigningKey LoaderVendorKey { get; set; } = TestKey;

    public ISigningKey CoreKey { get; set; } = TestKey;

    public List<string> LeftOut { get; } = [];

    public bool HasB { get; set; } = true;

    /// <summary>Has both banks ask for updates.</summary>
    public void AddAddress(string name, string address)
    {
        byte[] content = Encoding.ASCII.GetBytes(address);
        _addresses.Add(name, content);
        ChangeItems = items => [.. items, new BankItem(name, BankFileKind.UpdateAddress, ContentDigest.Of(content))];
    }

    /// <summary>The whole image.</summary>
    public byte[] Write(KeyLayout? layout = null)
    {
        using TemporaryFolder folder = new();
        byte[] trusting = PeSections.Fill(
            PeImage.Parse("loader.efi", SmallEfi.Build(SmallEfi.Speaking)), ".vendor", VendorKey.Write(LoaderVendorKey.Certificate));
        byte[] loader = ChangeLoader(Authenticode.Sign(PeImage.Parse("loader.efi", trusting), TestKey));
        IReadOnlyList<ImageFile> bankA = Bank(Description, MoreFilesOfBankA);
        IReadOnlyList<ImageFile> bankB = Bank(DescriptionOfB ?? Description, []);
        KeyContent content = new()
        {
            Name = "edge",
            Loader = loader,
            BankA = bankA,
            BankB = HasB ? bankB : [],
            State = ChangeState(BankStateWriter.Manufacture((int)KeyLayout.StateSize, HasB)),
        };
        return File.ReadAllBytes(ImageWriter.Write((layout ?? Layout).Request(content), folder["key.img"]).Path);
    }

    private List<ImageFile> Bank(BankDescription description, SortedDictionary<string, byte[]> more)
    {
        byte[] core = ChangeCore(Authenticode.Sign(PeImage.Parse("core.efi", SmallEfi.Build(0xCC)), CoreKey));
        byte[] plan = ChangePlan(Plan());
        List<BankItem> items = ChangeItems(
        [
            new BankItem(BankNames.Core, BankFileKind.Core, ContentDigest.Of(core)),
            new BankItem(BankNames.Plan, BankFileKind.Plan, ContentDigest.Of(plan)),
            .. Payloads.Select(payload => new BankItem(payload.Key, BankFileKind.Payload, ContentDigest.Of(payload.Value))),
        ]);
        byte[] manifest = ChangeManifest(BankManifestWriter.Write(description, items));
        byte[] signature = ChangeSignature(VendorKey.SignBank(BankKey, BankNames.Manifest, manifest));
        (string Name, byte[] Bytes)[] files =
        [
            (BankNames.Core, core), (BankNames.Plan, plan), (BankNames.Manifest, manifest), (BankNames.Signature, signature),
            .. Payloads.Concat(_addresses).Concat(more).Select(payload => (payload.Key, payload.Value)),
        ];
        return [.. files.Where(file => !LeftOut.Contains(file.Name)).Select(file => ImageFile.FromBytes(file.Name, file.Bytes))];
    }

    private byte[] Plan()
    {
        ManifestPosition position = new("appliance.toml", 1);
        Manifest manifest = new()
        {
            Path = "appliance.toml",
            Name = "edge",
            Vendor = "Example",
            Product = PlanProduct,
            Version = "1.0",
            Image = new ManifestImage(Layout, "EMBER", true, position),
            Budget = new ManifestBudget(),
            LabCrash = LabCrash,
            Machines =
            [
                new ManifestMachine
                {
                    Position = position,
                    Name = "web",
                    MemoryBytes = 64 << 20,
                    ProcessorCount = 2,
                    BootProtocol = BootProtocol.Linux64,
                    Kernel = new FileSource(position, "kernel", "vmlinuz"),
                    Modules = [new ManifestModule(new FileSource(position, "initrd", "initrd.img"), "")],
                    CommandLine = "console=ttyS0",
                    Weight = 100,
                },
            ],
        };
        PayloadFile[] payloads =
            [.. ((string[])["initrd.img", "vmlinuz"]).Select((name, index) =>
                new PayloadFile(name, name, ContentDigest.Of(ImageFixture.Pattern(5000 + (4000 * index), (uint)index + 1)),
                    new PayloadInputs([], [])))];
        return PlanWriter.Write(manifest, payloads, [new MachinePayloads(1, [0])]);
    }
}
