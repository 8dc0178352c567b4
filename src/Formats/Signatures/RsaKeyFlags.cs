using System;

namespace Ember.Formats.Signatures;

/// <summary>What a vendor's key is.</summary>
[Flags]
public enum RsaKeyFlags : uint
{
    /// <summary>A key for what goes to customers.</summary>
    None = 0,

    /// <summary>A test key: nobody keeps it secret, and what is signed with it is not to be released.</summary>
    Test = 1,
}
