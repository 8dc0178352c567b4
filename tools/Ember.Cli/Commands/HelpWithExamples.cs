using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace Ember.Cli.Commands;

/// <summary>The help of a command, with examples under it.</summary>
/// <param name="usual">Writes everything but the examples.</param>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> _examples = new()
    {
        ["ember"] =
        [
            "ember run images/usb-key",
            "ember build images/usb-key --output /tmp/key",
            "ember footprint images/usb-key",
            "ember audit images/usb-key",
            "ember write out/usb-key/usb-key.img /dev/sdb",
            "ember test",
        ],
        ["ember new"] = ["ember new edge", "ember new images/edge --name edge-box"],
        ["ember summary"] =
        [
            "ember summary images/usb-key",
            "ember summary edge --variant r640 --json",
        ],
        ["ember build"] =
        [
            "ember build images/usb-key",
            "ember build images/usb-key --output /tmp/key --no-install",
            "ember build images/usb-key --format img,img.zst,qcow2",
            "ember build edge --variant r640,x3950",
            "ember build edge --all --release",
            "ember build edge --unsigned",
            "ember build images/usb-key --json > build.json",
        ],
        ["ember sign"] = ["ember sign edge", "ember sign edge --attach out/edge/to-sign", "ember sign edge --json"],
        ["ember diff"] = ["ember diff out/usb-key/usb-key.img /media/lab/usb-key.img", "ember diff old.img new.img --json"],
        ["ember completion"] = ["source <(tools/ember completion bash)"],
        ["ember run"] =
        [
            "ember run images/usb-key",
            "ember run images/usb-key --interactive",
            "ember run images/usb-key --headless --timeout 60 --until 'boot timer 1'",
            "ember run images/usb-key --screenshot screen.png",
        ],
        ["ember footprint"] =
        [
            "ember footprint images/usb-key",
            "ember footprint out/usb-key/core.efi --depth 3 --top 5",
            "ember footprint out/usb-key/core.efi --why FaultReport",
            "ember footprint out/usb-key/core.efi --method LineBuffer.AppendDecimal",
            "ember footprint images/usb-key --save before.json",
            "ember footprint images/usb-key --diff before.json --markdown",
            "ember footprint images/usb-key --html footprint.html",
        ],
        ["ember audit"] = ["ember audit images/usb-key", "ember audit out/usb-key/core.efi --evidence"],
        ["ember delta"] = ["ember delta 1.0/usb-key.bundle 1.1/usb-key.bundle ember.bundle"],
        ["ember publish"] = ["ember publish out/edge/usb-key.bundle /srv/www/edge"],
        ["ember update"] = ["ember update edge.img out/edge/usb-key.bundle"],
        ["ember verify"] = ["ember verify out/usb-key/usb-key.img", "ember verify /dev/sdb --certificate vendor.crt"],
        ["ember inspect"] = ["ember inspect out/usb-key/usb-key.img", "ember inspect /dev/sdb --json"],
        ["ember keys"] = ["ember keys new my-keys", "ember keys show my-keys/test-certificate.pem"],
        ["ember keys new"] = ["ember keys new my-keys"],
        ["ember keys show"] =
        [
            "ember keys show my-keys/test-certificate.pem",
            "EMBER_PASSWORD=… ember keys show release.p12 --json",
            "ember keys show out/usb-key/core.efi",
        ],
        ["ember write"] =
        [
            "ember write --list",
            "ember write out/usb-key/usb-key.img /dev/sdb",
            "ember write usb-key.img.zst /dev/disk/by-id/usb-ACME_0123456789-0:0 --yes-erase 0123456789 --changed-only",
            "ember write usb-key.img copy.img --file",
        ],
        ["ember test"] = ["ember test", "ember test --filter SerialLog", "ember test --slow"],
    };

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int result = usual.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in _examples[EmberCommand.NameOf(command)])
        {
            output.WriteLine($"  {example}");
        }

        output.WriteLine();
        return result;
    }
}
