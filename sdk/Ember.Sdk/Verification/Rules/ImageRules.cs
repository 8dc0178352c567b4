namespace Ember.Sdk.Verification.Rules;

/// <summary>Rules of the image as a whole.</summary>
internal static class ImageRules
{
    public static readonly Rule Large =
        Rule.Error("IMG-01", "The image has room for both copies of a partition table", "give a whole image");
    public static readonly Rule WholeMiB =
        Rule.Error("IMG-02", "The image is whole MiB long", "copy the image again: it is cut off, or has something behind it");
    public static readonly Rule Readable =
        Rule.Error("IMG-03", "Every sector can be read", "the medium is failing: write the image to another one");
    public static readonly Rule DeviceEnd =
        Rule.Warning("IMG-04", "A device ends where its image ends",
            "nothing, where the firmware starts from it; the backup table is found at the image's end");
}
