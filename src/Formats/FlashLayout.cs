namespace Ember.Formats;

/// <summary>Where the appliance's files lie in its EFI system partition.</summary>
public static class FlashLayout
{
    /// <summary>The directory, at the root, that holds the plan and every payload.</summary>
    public const string Directory = "EMBER";

    /// <summary>The plan's file name in <see cref="Directory"/>.</summary>
    public const string PlanFile = "appliance.plan";
}
