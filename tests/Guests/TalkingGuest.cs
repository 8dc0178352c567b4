namespace Ember.Guests;

/// <summary>Writes text to COM1 and powers off, as one does that would like its lines taken for somebody else's.</summary>
public static class TalkingGuest
{
    /// <summary>The kernel.</summary>
    /// <param name="text">ASCII.</param>
    public static byte[] Build(string text) => GuestKernel.Build(c =>
    {
        GuestCode.Print(c, text);
        GuestCode.PowerOff(c);
    });
}
