namespace Ember.Sdk.Compilation;

/// <summary>What compiling the appliance's sources gives.</summary>
/// <param name="Loader">The boot loader's file, an EFI application that trusts no key yet.</param>
/// <param name="Core">The hypervisor and what tells about it.</param>
public sealed record CompiledFiles(string Loader, CoreFiles Core);
