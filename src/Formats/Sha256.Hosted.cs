namespace Ember.Formats;

/// <content>The host has .NET's SHA-256 where speed matters.</content>
public unsafe partial struct Sha256
{
    /// <summary>Whether blocks are compressed by the processor's own instructions: never on the host.</summary>
    public static bool UsesInstructions => false;

    private static bool TryCompress(uint* state, byte* blocks, nuint count, uint* constants) => false;
}
