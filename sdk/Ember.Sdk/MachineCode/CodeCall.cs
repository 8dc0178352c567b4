namespace Ember.Sdk.MachineCode;

/// <summary>A place where one function enters another.</summary>
/// <param name="Rva">RVA of the call or jump.</param>
/// <param name="Target">RVA of the function entered.</param>
/// <param name="Kind">How it is entered.</param>
public readonly record struct CodeCall(uint Rva, uint Target, CodeCallKind Kind);
