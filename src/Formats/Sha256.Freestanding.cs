using System.Runtime;
using System.Runtime.CompilerServices;

namespace Ember.Formats;

/// <content>The bare machine's second way to compress a block; its body is in tools/Ember.Stubs.</content>
public unsafe partial struct Sha256
{
    /// <summary>
    /// Whether blocks are compressed by the processor's own instructions. Whoever sets this has found them there. The loader
    /// does; in the core, which hashes no more than a plan, nobody does, and the compiler leaves that way out.
    /// </summary>
    public static bool UsesInstructions { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCompress(uint* state, byte* blocks, nuint count, uint* constants)
    {
        if (!UsesInstructions)
        {
            return false;
        }

        CompressByInstructions(state, blocks, count, constants);
        return true;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberCompressSha256")]
    private static extern void CompressByInstructions(uint* state, byte* blocks, nuint count, uint* constants);
}
