namespace Ember.Sdk.Symbols;

/// <summary>What a piece of an image is for, as compiler and linker tell it.</summary>
public enum SymbolKind
{
    /// <summary>The code of a C# method.</summary>
    Method,

    /// <summary>Machine code of Ember.Stubs.</summary>
    Stub,

    /// <summary>Constant data that C# source spells out: text, tables.</summary>
    Literal,

    /// <summary>The jump tables and constants of one method.</summary>
    MethodData,

    /// <summary>The static fields of a type.</summary>
    Statics,

    /// <summary>The description of one or more methods' stack frames.</summary>
    UnwindInfo,

    /// <summary>The table of function names that crash dumps use.</summary>
    FunctionNames,

    /// <summary>What the compiler adds for a run time that the core does not have.</summary>
    CompilerTable,
}
