using System;
using System.Linq;

namespace Ember.Sdk.Tests.Manifests;

/// <summary>One wrong thing at a time: the whole message and the kind.</summary>
public sealed class ManifestErrorTests
{
    [Theory]
    [InlineData("name = \"edge\"", "nmae = \"edge\"", "2: [appliance]: unknown key 'nmae'; did you mean 'name'?")]
    [InlineData("size =", "colour =", "8: [image]: unknown key 'colour'; known are size, label, layout, bank_size, second_bank, erase_block")]
    [InlineData("cpus = 1", "cpu = 1", "13: vm 'web': unknown key 'cpu'; did you mean 'cpus'?")]
    [InlineData("command_line", "command-line", "17: vm 'web': unknown key 'command-line'; did you mean 'command_line'?")]
    [InlineData("[lab]", "[labs]", "23: the manifest: unknown key 'labs'; did you mean 'lab'?")]
    [InlineData("busybox =", "busibox =", "16: vm 'web': initrd: unknown key 'busibox'; did you mean 'busybox'?")]
    [InlineData("[appliance]", "[appliances]", "1: the manifest: unknown key 'appliances'; did you mean 'appliance'?")]
    public void Unknown_keys(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("version = \"1.4.0\"\n", "", "1: [appliance]: 'version' is missing")]
    [InlineData("name = \"web\"\n", "", "10: [[vm]]: 'name' is missing")]
    [InlineData("memory = \"256MiB\"\n", "", "10: vm 'web': 'memory' is missing")]
    [InlineData("kernel = \"vmlinuz\"\n", "", "10: vm 'web': 'kernel' is missing")]
    [InlineData("{ busybox = \"init\" }", "{}", "16: vm 'web': initrd is an empty table; a file's path or { busybox = \"script\" } is needed")]
    public void Missing_keys(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("\"edge\"", "5", "2: [appliance]: name is a number; a string is needed")]
    [InlineData("\"stay\"", "true", "6: [appliance]: after_last_vm is true or false; a string is needed")]
    [InlineData("cpus = 1", "cpus = \"1\"", "13: vm 'web': cpus is a string; a whole number is needed")]
    [InlineData("cpus = 1", "cpus = 1.5", "13: vm 'web': cpus is a number with a fraction; a whole number is needed")]
    [InlineData("\"console=ttyS0\"", "[\"a\"]", "17: vm 'web': command_line is an array; a string is needed")]
    [InlineData("\"vmlinuz\"", "1979-05-27", "15: vm 'web': kernel is a date or time; a file's path or { debian = \"package\" } is needed")]
    [InlineData("{ busybox = \"init\" }", "7", "16: vm 'web': initrd is a number; a file's path or { busybox = \"script\" } is needed")]
    [InlineData("[image]", "[[image]]", "7: the manifest: 'image' is an array of tables; write [image] once")]
    [InlineData("[[vm]]", "[vm]", "10: the manifest: 'vm' is a table; write [[vm]] before each virtual machine")]
    public void Wrong_types(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("\"edge\"", "\"my edge\"", "2: [appliance]: name 'my edge' may have letters, digits, '-', '_' and '.', and begins with a letter or digit")]
    [InlineData("\"edge\"", "\"../edge\"", "2: [appliance]: name '../edge' may have letters, digits, '-', '_' and '.', and begins with a letter or digit")]
    [InlineData("\"Contoso\"", "\"\"", "3: [appliance]: vendor has 0 characters; 1 to 63 are allowed")]
    [InlineData("\"Edge Box\"", "\"A product name of 32 characters.\"", "4: [appliance]: product has 32 characters; 1 to 31 are allowed")]
    [InlineData("\"Edge Box\"", "\"Edge Bôx\"", "4: [appliance]: product has a character that is not printable ASCII")]
    [InlineData("\"1.4.0\"", "\"1.4.0-nightly-17\"", "5: [appliance]: version has 16 characters; 1 to 15 are allowed")]
    [InlineData("version =", "banner = 5\nversion =", "5: [appliance]: banner is a number; a string is needed")]
    [InlineData("version =", "banner = \"It’s here\"\nversion =", "5: [appliance]: banner has a character that is not printable ASCII")]
    [InlineData(
        "version =",
        "banner = \"A line for the screen that is one character longer than it is ok\"\nversion =",
        "5: [appliance]: banner has 64 characters; 63 is the most")]
    [InlineData("version =", "logo = \"l.png\"\nversion =", "5: [appliance]: logo 'l.png' not found; paths are relative to FOLDER")]
    [InlineData("\"stay\"", "\"reboot\"", "6: [appliance]: after_last_vm \"reboot\" is unknown; known are \"power-off\", \"stay\"")]
    [InlineData("\"128MiB\"", "\"128MB\"", "8: [image]: size is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("\"128MiB\"", "128", "8: [image]: size is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("\"EDGE\"", "\"edge\"", "9: [image]: label 'edge' may have A to Z, 0 to 9, space, '-' and '_', and no space first")]
    [InlineData("\"EDGE\"", "\"EDGEEDGEEDGE\"", "9: [image]: label has 12 characters; 1 to 11 are allowed")]
    [InlineData("\"page-fault\"", "\"pagefault\"", "24: [lab]: crash \"pagefault\" is unknown; known are \"none\", \"invalid-opcode\", \"page-fault\", \"stack-overflow\", \"check-failed\"")]
    public void Wrong_values_of_the_appliance(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("\"web\"", "\"a-name-of-thirty-two-characters-\"", "11: [[vm]]: name has 32 characters; 1 to 31 are allowed")]
    [InlineData("\"256MiB\"", "\"14MiB\"", "12: vm 'web': memory 14MiB does not fit; a multiple of 2MiB from 16MiB to 3GiB does")]
    [InlineData("\"256MiB\"", "\"17MiB\"", "12: vm 'web': memory 17MiB does not fit; a multiple of 2MiB from 16MiB to 3GiB does")]
    [InlineData("\"256MiB\"", "\"3074MiB\"", "12: vm 'web': memory 3074MiB does not fit; a multiple of 2MiB from 16MiB to 3GiB does")]
    [InlineData("\"256MiB\"", "\"99999999999TiB\"", "12: vm 'web': memory is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("\"256MiB\"", "\"-256MiB\"", "12: vm 'web': memory is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("cpus = 1", "cpus = 0", "13: vm 'web': cpus is 0; 1 to 16 are possible")]
    [InlineData("cpus = 1", "cpus = 17", "13: vm 'web': cpus is 17; 1 to 16 are possible")]
    [InlineData("\"linux\"", "\"uefi\"", "14: vm 'web': boot \"uefi\" is unknown; known are \"linux\", \"pvh\", \"multiboot\"")]
    [InlineData("\"vmlinuz\"", "\"vmlinux\"", "15: vm 'web': kernel 'vmlinux' not found; paths are relative to FOLDER")]
    [InlineData("\"vmlinuz\"", "\"\"", "15: vm 'web': kernel '' not found; paths are relative to FOLDER")]
    [InlineData("\"vmlinuz\"", "\".\"", "15: vm 'web': kernel '.' not found; paths are relative to FOLDER")]
    [InlineData("\"vmlinuz\"", "{ debian = \"--help\" }", "15: vm 'web': kernel: debian '--help' is no package name: two or more of a to z, 0 to 9, '+', '-' and '.'")]
    [InlineData("busybox = \"init\"", "busybox = \"rc\"", "16: vm 'web': initrd 'rc' not found; paths are relative to FOLDER")]
    [InlineData("\"console=ttyS0\"", "\"a\\tb\"", "17: vm 'web': command_line has a character that is not printable ASCII")]
    public void Wrong_values_of_a_machine(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("restart = \"on-failure\"", "restart = \"sometimes\"", "18: vm 'web': restart \"sometimes\" is unknown; known are \"never\", \"on-failure\", \"always\"")]
    [InlineData("restart = \"on-failure\"", "restart = true", "18: vm 'web': restart is true or false; a string is needed")]
    [InlineData("start = false", "start = \"no\"", "19: vm 'web': start is a string; true or false is needed")]
    [InlineData("weight = 200", "weight = 0", "20: vm 'web': weight is 0; 1 to 10000 are possible")]
    [InlineData("weight = 200", "weight = 10001", "20: vm 'web': weight is 10001; 1 to 10000 are possible")]
    [InlineData("cap = 150", "cap = 0", "21: vm 'web': cap is 0; 1 to 1600 are possible")]
    [InlineData("cap = 150", "cap = 1601", "21: vm 'web': cap is 1601; 1 to 1600 are possible")]
    [InlineData("cap = 150", "cap = \"50%\"", "21: vm 'web': cap is a string; a whole number is needed")]
    [InlineData("[0, 63]", "2", "22: vm 'web': pin is a number; an array of the host's processors is needed, as in [0, 1]")]
    [InlineData("[0, 63]", "[0,\n64]", "23: vm 'web': pin has 64 in it; processors are numbered 0 to 63")]
    [InlineData("[0, 63]", "[-1]", "22: vm 'web': pin has -1 in it; processors are numbered 0 to 63")]
    [InlineData("[0, 63]", "[\"0\"]", "22: vm 'web': pin has a string in it; processors are numbered 0 to 63")]
    public void Wrong_scheduling_of_a_machine(string find, string replace, string expected) => Check(find, replace, expected);

    [Theory]
    [InlineData("\"linux\"", "modules = [\"init\"]", "14: vm 'web': modules are for boot \"pvh\" and \"multiboot\"; a Linux kernel takes an initrd")]
    [InlineData("\"pvh\"", "modules = \"init\"", "14: vm 'web': modules is a string; an array of paths or { file = \"path\", text = \"line\" } is needed")]
    [InlineData("\"pvh\"", "modules = [\n7]", "15: vm 'web': modules has a number in it; paths or { file = \"path\", text = \"line\" } are needed")]
    [InlineData("\"pvh\"", "modules = [\"no\"]", "14: vm 'web': modules 'no' not found; paths are relative to FOLDER")]
    [InlineData("\"pvh\"", "modules = [{ file = \"no\" }]", "14: vm 'web': module: file 'no' not found; paths are relative to FOLDER")]
    [InlineData("\"pvh\"", "modules = [{ text = \"no\" }]", "14: vm 'web': module: 'file' is missing")]
    [InlineData("\"pvh\"", "modules = [{ file = \"init\", txt = \"\" }]", "14: vm 'web': module: unknown key 'txt'; did you mean 'text'?")]
    [InlineData("\"pvh\"", "modules = [{ file = \"init\", text = \"\\n\" }]", "14: vm 'web': module: text has a character that is not printable ASCII")]
    public void Wrong_modules(string protocol, string modules, string expected) =>
        Check("cpus = 1\nboot = \"linux\"", $"boot = {protocol}\n{modules}", expected);

    [Fact]
    public void A_module_too_many()
    {
        string modules = string.Join(", ", Enumerable.Repeat("\"init\"", 16));
        Check("\"linux\"", $"\"pvh\"\nmodules = [{modules}]", "15: vm 'web': modules are 17 with the initrd; 16 is the most");
    }

    [Theory]
    [InlineData("core =", "cor =", "26: [budget]: unknown key 'cor'; did you mean 'core'?")]
    [InlineData("\"128KiB\"", "\"-128KiB\"", "26: [budget]: core is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("\"4KiB\"", "4096", "27: [budget]: growth is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("baseline = \"footprint.json\"\n", "", "27: [budget]: growth needs a baseline; name a footprint that was saved, as in baseline = \"footprint.json\"")]
    [InlineData("\"footprint.json\"", "\"foot.json\"", "28: [budget]: baseline 'foot.json' not found; paths are relative to FOLDER")]
    [InlineData("\"footprint.json\"", "7", "28: [budget]: baseline is a number; a string is needed")]
    [InlineData("\"64KiB\"", "\"64\"", "30: [budget.namespaces]: Ember.Core.Devices is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)")]
    [InlineData("\"Ember.Core.Devices\"", "Ember.Core", "30: [budget.namespaces]: Ember is a table; put the whole namespace in quotation marks")]
    [InlineData("[budget.namespaces]\n\"Ember.Core.Devices\"", "namespaces", "29: [budget]: namespaces is a string; write [budget.namespaces] and a line for each namespace")]
    [InlineData("[budget]", "[[budget]]", "25: the manifest: 'budget' is an array of tables; write [budget] once")]
    public void Wrong_budgets(string find, string replace, string expected) => Check(find, replace, expected);

    [Fact]
    public void A_command_line_of_2048_characters()
    {
        Check("\"console=ttyS0\"", $"\"{new string('x', 2048)}\"", "17: vm 'web': command_line has 2048 characters; 2047 is the most");
    }

    [Fact]
    public void Two_machines_of_one_name()
    {
        const string second = "[[vm]]\nname = \"web\"\nmemory = \"32MiB\"\nkernel = \"vmlinuz\"\n[lab]";
        Check("[lab]", second, "23: vm 'web': the name is taken by the one in line 10");
    }

    [Fact]
    public void A_machine_too_many()
    {
        string more = string.Concat(Enumerable.Range(0, 64).Select(i => $"[[vm]]\nname = \"vm{i}\"\nmemory = \"32MiB\"\nkernel = \"vmlinuz\"\n"));
        Check("[lab]", more + "[lab]", "275: the manifest: 'vm' appears 65 times; 64 is the most");
    }

    [Theory]
    [InlineData("name = \"edge\"", "name = \"edge", "2: ")]
    [InlineData("[image]", "[image", "7: ")]
    [InlineData("cpus = 1", "cpus = 1\ncpus = 1", "14: ")]
    [InlineData("[lab]", "[image]", "23: ")]
    [InlineData("cpus = 1", "cpus = 99999999999999999999", "13: ")]
    public void Text_that_is_not_TOML_is_refused_where_it_stops_being_so(string find, string replace, string expected)
    {
        (string message, ErrorKind kind) = ManifestText.Refused(Replaced(find, replace));

        Assert.Equal(ErrorKind.Input, kind);
        Assert.StartsWith("appliance.toml:" + expected, message, StringComparison.Ordinal);
        Assert.True(message.Length > "appliance.toml:".Length + expected.Length);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Nothing_at_all_and_no_machine()
    {
        string withoutMachine = ManifestText.Good[..ManifestText.Good.IndexOf("[[vm]]", StringComparison.Ordinal)];

        Assert.Equal(("appliance.toml: the [appliance] table is missing", ErrorKind.Input), ManifestText.Refused(""));
        Assert.Equal(
            ("appliance.toml: no [[vm]] table; an appliance runs at least one virtual machine", ErrorKind.Input),
            ManifestText.Refused(withoutMachine));
    }

    private static void Check(string find, string replace, string expected) =>
        Assert.Equal(("appliance.toml:" + expected, ErrorKind.Input), ManifestText.Refused(Replaced(find, replace)));

    private static string Replaced(string find, string replace)
    {
        Assert.Contains(find, ManifestText.Good, StringComparison.Ordinal);
        return ManifestText.Good.Replace(find, replace, StringComparison.Ordinal);
    }
}
