namespace Ember.Formats.Banks;

/// <summary>Which of the two banks.</summary>
public enum BankSlot : uint
{
    /// <summary>The first.</summary>
    A = 0,

    /// <summary>The second.</summary>
    B = 1,

    /// <summary>Neither: there is none to start, or the appliance came over the network.</summary>
    None = 2,
}
