using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Footprint.Generics;
using Ember.Sdk.Footprint.Retention;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Footprint.Retention;

/// <summary>The core of this checkout.</summary>
public sealed class RetentionGraphTests
{
    private const string EntryPoint = "Ember_Core_Ember_Core_Startup_EntryPoint__EfiMain";
    private const string AfterFirmware = "Ember_Core_Ember_Core_Startup_EntryPoint__Main";
    private const string InterruptHandler = "Ember_Core_Ember_Core_Startup_HostInterrupts__Handle";

    private static readonly Lazy<RetentionGraph> _graph =
        new(ReferenceBuild.Target.Retention);

    private static readonly Lazy<IReadOnlyList<SymbolReport>> _report = new(() => _graph.Value.Report(ReferenceBuild.Target.Pieces));

    [Fact]
    public void Everything_in_the_core_has_a_reason()
    {
        Assert.Empty(_graph.Value.Unexplained);
        Assert.All(_report.Value, report => Assert.Equal(report.Symbol.Name, report.Path[^1]));
    }

    [Fact]
    public void Reports_take_every_byte_of_every_symbol_once()
    {
        Sizes all = FootprintTree.Sum(ReferenceBuild.Target.Pieces.Where(piece => piece.Symbol is not null).Select(piece => piece.Sizes));

        Assert.Equal(all, FootprintTree.Sum(_report.Value.Select(report => report.Sizes)));
        Assert.Equal(all, FootprintTree.Sum(_report.Value.Where(report => report.Dominator is null).Select(report => report.Retained)));
    }

    [Fact]
    public void What_a_symbol_retains_is_its_own_and_what_those_under_it_retain()
    {
        ILookup<string?, SymbolReport> under = _report.Value.ToLookup(report => report.Dominator);
        foreach (SymbolReport report in _report.Value)
        {
            Assert.Equal(report.Sizes + FootprintTree.Sum(under[report.Symbol.Name].Select(child => child.Retained)), report.Retained);
            Assert.Contains(report.Dominator ?? report.Symbol.Name, report.Path);
        }
    }

    [Fact]
    public void The_entry_point_is_a_root_and_what_stubs_call_is_none()
    {
        SymbolReport entry = Of(EntryPoint);

        Assert.Equal([EntryPoint], entry.Path);
        Assert.Null(entry.Dominator);
        Assert.Equal(EntryPoint, Of(AfterFirmware).Path[0]);
        Assert.Equal("EmberMainOnStack", Of(AfterFirmware).Dominator);
        Assert.Equal("EmberInterruptWithError", Of(InterruptHandler).Dominator);
        Assert.Equal("EmberInterruptEntriesAddress", Of("EmberInterruptEntries").Dominator);
        Assert.Equal("__guard_dispatch_icall_fptr", Of("EmberDispatch").Dominator);
    }

    [Fact]
    public void An_unwind_description_and_a_jump_table_count_with_their_function()
    {
        Symbol table = ReferenceBuild.Target.Symbols.All.First(symbol => symbol.Kind == SymbolKind.MethodData);
        SymbolReport function = _report.Value.Single(
            report => report.Symbol.Kind == SymbolKind.Method && report.Symbol.Source == table.Source);

        Assert.DoesNotContain(_report.Value, report => report.Symbol == table);
        Assert.True(function.Sizes.File > function.Symbol.Length + table.Length);
    }

    [Fact]
    public void An_answer_about_a_member_agrees_with_its_report()
    {
        RetentionAnswer answer = _graph.Value.Ask("HostInterrupts.Handle", ReferenceBuild.Target.Pieces);
        SymbolReport report = Of(InterruptHandler);

        Assert.Equal("Ember.Core.Startup.HostInterrupts.Handle", answer.Name);
        Assert.Equal([report.Symbol], answer.Symbols);
        Assert.Equal((report.Sizes, report.Retained), (answer.Sizes, answer.Retained));
        Assert.Equal(report.Path, answer.Path);
        Assert.Equal(
            _report.Value.Where(other => other.Dominator == InterruptHandler).Select(other => (other.Symbol, other.Retained)).ToHashSet(),
            answer.Kept.Select(node => (node.Symbol, node.Retained)).ToHashSet());
    }

    [Fact]
    public void A_type_keeps_at_least_what_each_of_its_members_keeps_and_its_tree_adds_up()
    {
        RetentionAnswer answer = _graph.Value.Ask("Pic8259", ReferenceBuild.Target.Pieces);

        Assert.Equal("Ember.Core.Devices.Pic8259", answer.Name);
        Assert.True(answer.Symbols.Count > 1);
        Assert.All(answer.Symbols, symbol => Assert.True(answer.Retained.File >= Of(symbol.Name).Retained.File));
        Assert.Equal(answer.Retained, answer.Sizes + FootprintTree.Sum(answer.Kept.Select(node => node.Retained)));
    }

    [Fact]
    public void The_shapes_of_a_generic_are_gathered_with_all_they_take()
    {
        GenericGroup group = GenericShapes.Of(_report.Value)
            .First(group => group.Definition.Contains("TableWriter.Append``1", StringComparison.Ordinal));

        Assert.True(group.Shapes.Count > 1);
        Assert.Equal(group.Shapes.OrderByDescending(shape => Of(shape.Name).Sizes.File).ThenBy(shape => shape.Rva), group.Shapes);
        Assert.Equal(FootprintTree.Sum(group.Shapes.Select(shape => Of(shape.Name).Sizes)), group.Sizes);
    }

    private static SymbolReport Of(string name) => _report.Value.Single(report => report.Symbol.Name == name);
}
