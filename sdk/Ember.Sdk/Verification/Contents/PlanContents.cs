using System.Collections.Generic;
using Ember.Formats.Plans;

namespace Ember.Sdk.Verification.Contents;

/// <summary>A plan.</summary>
/// <param name="Product">The product.</param>
/// <param name="Version">The product's version.</param>
/// <param name="AfterLastMachine">What is done when the last virtual machine has stopped.</param>
/// <param name="LabCrash">The fault it commits on purpose.</param>
/// <param name="Machines">The virtual machines.</param>
public sealed record PlanContents(
    string Product, string Version, AfterLastMachine AfterLastMachine, LabCrash LabCrash, IReadOnlyList<MachineContents> Machines);

/// <summary>A virtual machine of a plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="ProcessorCount">Its processors.</param>
/// <param name="BootProtocol">How it starts.</param>
/// <param name="Kernel">The file of its kernel.</param>
/// <param name="Modules">The files that its kernel is given.</param>
/// <param name="CommandLine">Its kernel's command line.</param>
/// <param name="Start">When it is first started.</param>
/// <param name="Restart">Whether it is started again.</param>
public sealed record MachineContents(
    string Name,
    ulong MemoryBytes,
    uint ProcessorCount,
    BootProtocol BootProtocol,
    string Kernel,
    IReadOnlyList<string> Modules,
    string CommandLine,
    StartPolicy Start,
    RestartPolicy Restart);
