namespace Ember.Formats.Banks;

/// <summary>What a file of a bank is for.</summary>
public enum BankFileKind : uint
{
    /// <summary>The hypervisor, an EFI application; exactly one.</summary>
    Core = 1,

    /// <summary>The compiled plan; exactly one.</summary>
    Plan = 2,

    /// <summary>A file that the plan names.</summary>
    Payload = 3,

    /// <summary>Not in the bank: a document about it, such as its bill of materials, whose digest is signed with the bank.</summary>
    Document = 4,

    /// <summary>The address of a server that the loader asks for updates, in ASCII; one at most.</summary>
    UpdateAddress = 5,

    /// <summary>The picture that the loader shows, a <see cref="BootLogo"/>; at most one.</summary>
    Logo = 6,
}
