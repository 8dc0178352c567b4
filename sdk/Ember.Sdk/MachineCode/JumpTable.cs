using System.Collections.Generic;

namespace Ember.Sdk.MachineCode;

/// <summary>A jump by a table of addresses: a switch.</summary>
/// <param name="Jump">RVA of the jump.</param>
/// <param name="Compare">RVA of the comparison with the largest index; everything from there to the jump is one straight line.</param>
/// <param name="Table">RVA of the table.</param>
/// <param name="Targets">RVA that each entry leads to, by index.</param>
public sealed record JumpTable(uint Jump, uint Compare, uint Table, IReadOnlyList<uint> Targets);
