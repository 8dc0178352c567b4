using System;

namespace Ember.Guests;

/// <summary>What a <see cref="SecretsGuest"/> does.</summary>
[Flags]
public enum SecretsRole
{
    /// <summary>Leaves a pattern in memory and in every register it can.</summary>
    Write = 1,

    /// <summary>Looks for the pattern and says where it is.</summary>
    Read = 2,
}
