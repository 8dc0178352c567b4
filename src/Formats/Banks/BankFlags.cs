using System;

namespace Ember.Formats.Banks;

/// <summary>Flags of a bank's manifest.</summary>
[Flags]
public enum BankFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Signed with a test key: no bank for a customer.</summary>
    TestKey = 1 << 0,
}
