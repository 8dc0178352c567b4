namespace Ember.Sdk.Verification.Rules;

/// <summary>Rules of the loader, the banks, their plan and their state.</summary>
internal static class BankRules
{
    private const string Rebuild = "build the image again";
    private const string SignAgain = "sign it again with the vendor's key";

    public static readonly Rule LoaderThere = Rule.Error("ESP-01", "The EFI system partition has \\EFI\\BOOT\\BOOTX64.EFI");
    public static readonly Rule OnlyLoader =
        Rule.Warning("ESP-02", "The EFI system partition has no other file", "remove it, unless the firmware asks for it");

    public static readonly Rule Executable =
        Rule.Error("EXE-01", "Loader and core are EFI applications for x64, nothing of them cut off", Rebuild);
    public static readonly Rule Signed = Rule.Error("EXE-02", "Loader and core are signed", SignAgain);
    public static readonly Rule SignatureForm =
        Rule.Error("EXE-03", "An Authenticode signature is one signer's, of an image, by SHA-256, with its certificate", SignAgain);
    public static readonly Rule Digest = Rule.Error("EXE-04", "Loader and core are what was signed", Rebuild);
    public static readonly Rule SignatureHolds = Rule.Error("EXE-05", "An Authenticode signature is right", SignAgain);
    public static readonly Rule Trusted =
        Rule.Error("EXE-06", "Loader and core are signed by the given certificate, or one issued under it",
            "sign with that key, or give the certificate that the firmware trusts");
    public static readonly Rule SameSigner =
        Rule.Warning("EXE-07", "Loader and core are signed by the same key", "sign both with the key that the firmware trusts");
    public static readonly Rule Checksum = Rule.Warning("EXE-08", "The checksum in the header of loader and core is right", Rebuild);

    public static readonly Rule VendorKey = Rule.Error("SIGN-01", "The loader has the vendor's key in its section .vendor", Rebuild);
    public static readonly Rule SignatureThere = Rule.Error("SIGN-02", "A bank has bank.signature", SignAgain);
    public static readonly Rule SignatureReads = Rule.Error("SIGN-03", "bank.signature is a signature", SignAgain);
    public static readonly Rule SignatureKey = Rule.Error("SIGN-04", "The bank is signed with the key in the loader", SignAgain);
    public static readonly Rule SignatureRight = Rule.Error("SIGN-05", "The signature is one of the bank's manifest", SignAgain);
    public static readonly Rule TestKey = Rule.Error("SIGN-06", "Loader and manifest agree on whether the key is a test key", Rebuild);

    public static readonly Rule ManifestThere = Rule.Error("BANK-01", "A bank has bank.manifest", Rebuild);
    public static readonly Rule ManifestReads = Rule.Error("BANK-02", "bank.manifest is a manifest", Rebuild);
    public static readonly Rule FileThere = Rule.Error("BANK-03", "Every file of the manifest is in the bank", Rebuild);
    public static readonly Rule FileLength = Rule.Error("BANK-04", "A file is as long as the manifest says", Rebuild);
    public static readonly Rule FileXxh3 = Rule.Error("BANK-05", "A file has the XXH3 that the manifest says", Rebuild);
    public static readonly Rule FileSha256 = Rule.Error("BANK-06", "A file has the SHA-256 that the manifest says", Rebuild);
    public static readonly Rule FileKnown =
        Rule.Error("BANK-07", "Every file of the bank is one that the manifest names for it", "remove it");
    public static readonly Rule Flat = Rule.Error("BANK-08", "A bank has no folders", "remove it");
    public static readonly Rule Kinds =
        Rule.Error("BANK-09", "The core is core.efi, the plan appliance.plan, the logo logo.bmp and the address update.address", Rebuild);
    public static readonly Rule SameProduct = Rule.Error("BANK-10", "Both banks are of one vendor's product", Rebuild);
    public static readonly Rule DocumentBeside =
        Rule.Warning("BANK-11", "A document that lies beside the image is the one that a bank was signed with",
            "take the documents of the build that the image is of");
    public static readonly Rule UpdateAddress =
        Rule.Error("BANK-12", "update.address is an http or https address that ends with a slash", "correct [update] in the manifest");
    public static readonly Rule LogoReads = Rule.Error("BANK-13", "The logo is a picture that the loader can show", Rebuild);

    public static readonly Rule PlanReads = Rule.Error("PLAN-01", "The plan is a plan", Rebuild);
    public static readonly Rule PlanPayload = Rule.Error("PLAN-02", "Every payload of the plan is one of the manifest", Rebuild);
    public static readonly Rule PlanDigest =
        Rule.Error("PLAN-03", "A payload has the same length and hashes in plan and manifest", Rebuild);
    public static readonly Rule PlanUnused =
        Rule.Warning("PLAN-04", "Every payload of the manifest is one of the plan", "leave it out: nothing uses it");
    public static readonly Rule PlanProduct = Rule.Error("PLAN-05", "Plan and manifest name the same product and version", Rebuild);
    public static readonly Rule LabCrash =
        Rule.Error("PLAN-06", "A plan that crashes for the lab is signed with a test key only", "take [lab] out of the manifest");

    public static readonly Rule StateCopy =
        Rule.Error("STATE-01", "Both copies of the state are ones",
            "start from the key once: the loader writes over a damaged copy at the next change");
    public static readonly Rule StateThere = Rule.Error("STATE-02", "One of both copies of the state is one");
    public static readonly Rule StateSequence = Rule.Error("STATE-03", "The copies are of two changes in a row");
    public static readonly Rule StateGood =
        Rule.Error("STATE-04", "A bank that is good, or on trial, verifies", "write or update the bank anew");
    public static readonly Rule StatePreferred = Rule.Error("STATE-05", "The bank that is started first is good or on trial");
    public static readonly Rule StateRest = Rule.Warning("STATE-06", "The rest of the state's partition is zero");
    public static readonly Rule StateEmpty = Rule.Warning("STATE-07", "A bank that is empty has no files", "finish the update");
    public static readonly Rule StateTries = Rule.Warning("STATE-08", "A bank on trial has tries left", "update it anew");
}
