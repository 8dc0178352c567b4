namespace Ember.Platform.Faults;

/// <summary>Where a fault happened, as far as it helps to name what ran there.</summary>
public readonly ref struct FaultScene
{
    /// <summary>Describes a scene.</summary>
    /// <param name="image">The image as loaded, from its headers on, under its addresses.</param>
    /// <param name="symbols">The names of its functions.</param>
    /// <param name="stack">The stack in use, as far as it is mapped.</param>
    /// <param name="processor">Number of the processor.</param>
    public FaultScene(MemoryWindow image, SymbolTable symbols, MemoryWindow stack, int processor)
    {
        Image = image;
        Symbols = symbols;
        Stack = stack;
        Processor = processor;
    }

    /// <summary>The image as loaded.</summary>
    public MemoryWindow Image { get; }

    /// <summary>The names of its functions.</summary>
    public SymbolTable Symbols { get; }

    /// <summary>The stack in use.</summary>
    public MemoryWindow Stack { get; }

    /// <summary>Number of the processor.</summary>
    public int Processor { get; }
}
