using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class MachineLinesTests
{
    private static readonly IReadOnlyList<SerialLine> _several = Read(
        "web| no core yet",
        "ember: [4/4] starting 2 virtual machines",
        "ember: vm web running",
        "web| one",
        "db| uno",
        "web| login: ",
        "db| ",
        "web|+root",
        "webber| x",
        "of nobody",
        "ember: vm web: console attached; Ctrl-] for the menu",
        "two, straight | through",
        "db| due",
        "ember> * 1 web              running",
        "three",
        "ember: vm web: console detached",
        "of nobody again",
        "ember: vm db: console attached; Ctrl-] for the menu",
        "tre");

    [Fact]
    public void Lines_of_several_machines_are_told_apart_and_put_together()
    {
        Assert.Equal(
            ["no core yet", "one", "login: root", "two, straight | through", "three"], MachineLines.Of(_several, "web"));
        Assert.Equal(["uno", "", "due", "tre"], MachineLines.Of(_several, "db"));
        Assert.Equal(["x"], MachineLines.Of(_several, "webber"));
        Assert.Empty(MachineLines.Of(_several, "other"));
    }

    [Fact]
    public void A_machine_alone_has_all_lines_but_the_cores_and_those_behind_its_name_while_the_menu_is_open()
    {
        IReadOnlyList<SerialLine> lines = Read(
            "BdsDxe: starting",
            "ember: [4/4] starting 1 virtual machine",
            "ember: vm linux running",
            "a| b",
            "ember: vm linux: boot timer 1 at 1.000 s",
            "ember> * 1 linux            running",
            "linux| while the menu is open",
            "linux|+, went on",
            "# ");
        Assert.Equal(["a| b", "while the menu is open, went on", "# "], MachineLines.Of(lines, "linux"));
    }

    private static IReadOnlyList<SerialLine> Read(params string[] lines) =>
        [.. lines.Select(line => new SerialLine(TimeSpan.Zero, line))];
}
