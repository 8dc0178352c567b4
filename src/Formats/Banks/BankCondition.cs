namespace Ember.Formats.Banks;

/// <summary>What is known of a bank.</summary>
public enum BankCondition : uint
{
    /// <summary>Nothing was written to it, or an update of it is not complete.</summary>
    Empty = 0,

    /// <summary>An update that has not yet been seen to work.</summary>
    Trial = 1,

    /// <summary>It has been seen to work, or was there at manufacture.</summary>
    Good = 2,

    /// <summary>A trial that has used up its tries, or did not verify.</summary>
    Bad = 3,
}
