using Ember.Stubs.Symbols;

namespace Ember.Stubs.Tests.Symbols;

/// <summary>The symbols are ilc 10.0.12's for the declarations named beside them.</summary>
public sealed class MangledNameTests
{
    [Theory]
    [InlineData("Ember_Core_Ember_Core_Startup_EntryPoint__EfiMain", "EntryPoint.EfiMain")]
    [InlineData("Ember_Core_Ember_Core_Startup_Thing__get_Size", "Thing.get_Size")]
    [InlineData("Ember_Core_Ember_Core_Startup_Thing__op_Addition", "Thing.op_Addition")]
    [InlineData("Ember_Platform_Ember_Platform_Text_LineBuffer__Append_0", "LineBuffer.Append")]
    [InlineData("Ember_Platform_Ember_Platform_Faults_SymbolTable___ctor", "SymbolTable.ctor")]
    [InlineData("Ember_Core_Ember_Core_Startup_EntryPoint___EfiMain_g__Local_0_0", "EntryPoint.EfiMain.Local")]
    [InlineData("Internal_CompilerGenerated__Module___NativeLibraryStartup", "Module.NativeLibraryStartup")]
    [InlineData(
        "Ember_Core_Ember_Core_Startup_Thing_Nested_1<Ember_Core_Ember_Core_Startup_Thing>__Generic<Ember_Core_Ember_Core_Startup_Thing>",
        "Nested.Generic")]
    [InlineData("Ember_Platform_Ember_Platform_Faults_FaultReport__Write<Ember_Core_Ember_Core_Startup_Sink>", "FaultReport.Write")]
    [InlineData(
        "Ember_Platform__PrivateImplementationDetails___InlineArrayAsReadOnlySpan<Ember_Platform_Text_LineBuffer_Storage__UInt8>",
        "PrivateImplementationDetails.InlineArrayAsReadOnlySpan")]
    [InlineData("Ember_Core_Ember_Core_Console_TextScreen__Ember_Platform_Text_ILineSink_WriteLine", "TextScreen.WriteLine")]
    [InlineData("EmberMoveMemory", "EmberMoveMemory")]
    [InlineData("__managed__Startup", "__managed__Startup")]
    [InlineData("", "")]
    [InlineData("<<", "")]
    [InlineData("_1__2", "_1.2")]
    public void Reads_well(string symbol, string expected) => Assert.Equal(expected, MangledName.ToReadable(symbol));
}
