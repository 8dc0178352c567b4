namespace Ember.Sdk.Footprint;

/// <summary>What a stretch of bytes is for.</summary>
public enum PieceKind
{
    /// <summary>Code of a C# method.</summary>
    Method,

    /// <summary>Machine code of Ember.Stubs.</summary>
    Stub,

    /// <summary>Text and tables that C# source spells out.</summary>
    Literal,

    /// <summary>Jump tables and constants of a method.</summary>
    MethodData,

    /// <summary>Static fields.</summary>
    Statics,

    /// <summary>Descriptions of stack frames (<c>.xdata</c>), and the rows of the exception table (<c>.pdata</c>).</summary>
    Unwind,

    /// <summary>Names of functions, for crash dumps.</summary>
    FunctionNames,

    /// <summary>What the compiler adds for a run time that the core does not have.</summary>
    CompilerTable,

    /// <summary>Headers of the executable file.</summary>
    Headers,

    /// <summary>The base relocation table.</summary>
    Relocations,

    /// <summary>A signature.</summary>
    Signature,

    /// <summary>Bytes between pieces, so that the next one is aligned.</summary>
    Padding,

    /// <summary>Bytes at the end of a section that only make it a whole page or file block.</summary>
    Rounding,

    /// <summary>A partition table, boot sector, allocation table or directory of the key.</summary>
    FlashMetadata,

    /// <summary>A file on the key other than the core.</summary>
    FlashFile,

    /// <summary>Room on the key that nothing lies in: free clusters, cluster tails, gaps.</summary>
    FlashFree,

    /// <summary>Memory that the running core takes besides its image.</summary>
    RunTime,

    /// <summary>What nothing tells anything about.</summary>
    Unattributed,
}
