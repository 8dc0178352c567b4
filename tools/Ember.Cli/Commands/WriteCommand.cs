using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Ember.Cli.Terminals;
using Ember.Sdk;
using Ember.Sdk.Media;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Media.Refusals;

namespace Ember.Cli.Commands;

/// <summary><c>ember write</c>: writes an image to a USB key and reads it back.</summary>
internal static class WriteCommand
{
    private const int Done = 0;
    private const int NothingWritten = 2;
    private const int Interrupted = 130;

    /// <summary>Describes the command.</summary>
    public static Command Create(CliHost host)
    {
        WriteSettings settings = new();
        Command command = new("write", "Writes an image to a USB key, reads it back, and never leaves one that boots half.")
        {
            settings.Image, settings.Device, settings.List, settings.YesErase, settings.File, settings.AllowLarge, settings.ChangedOnly,
            settings.CheckCapacity, settings.Json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(host, settings, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, WriteSettings settings, ParseResult parsed, CancellationToken cancellation)
    {
        string? imagePath = parsed.GetValue(settings.Image);
        string? target = parsed.GetValue(settings.Device);
        bool isList = parsed.GetValue(settings.List);
        if (isList || imagePath is null || target is null)
        {
            if (!isList && imagePath is null)
            {
                throw new EmberException(ErrorKind.Input, "write needs IMAGE: the image of a key; see 'ember write --help'");
            }

            // With --list alone one argument is a device, for there is no image to speak of.
            List(host, isList ? target ?? imagePath : null, parsed.GetValue(settings.Json));
            if (!isList)
            {
                host.Report("nothing was written; name one of these devices");
            }

            return isList ? Done : NothingWritten;
        }

        ImageSource image = ImageSource.Open(host.FullPath(imagePath), cancellation);
        using DeviceMedium medium = parsed.GetValue(settings.File)
            ? DeviceMedium.OpenFile(host.FullPath(target), image)
            : OpenDevice(host, settings, parsed, image, target);
        return await WriteAsync(host, settings, parsed, image, medium, cancellation);
    }

    private static void List(CliHost host, string? named, bool isJson)
    {
        BlockDevices devices = BlockDevices.Read(host.SystemRoot);
        List<BlockDevice> listed = [.. devices.Removable];
        if (named is not null && devices.At(host.FullPath(named)) is { } device && !listed.Contains(device))
        {
            listed.Add(device);
        }

        if (isJson)
        {
            host.Output.WriteLine(DeviceList.Json(listed).ToJsonString(JsonOutput.Indented));
        }
        else
        {
            DeviceList.WriteText(host.Output, listed);
        }
    }

    private static DeviceMedium OpenDevice(CliHost host, WriteSettings settings, ParseResult parsed, ImageSource image, string target)
    {
        string? named = parsed.GetValue(settings.YesErase);
        BlockDevices devices = BlockDevices.Read(host.SystemRoot);
        BlockDevice device = devices.At(host.FullPath(target));
        WriteIntent intent = new()
        {
            ImageLength = image.Length,
            HoldsImage = devices.Holds(device, image.Path),
            AllowLarge = parsed.GetValue(settings.AllowLarge),
            IsNamed = named == device.Confirmation,
        };
        Confirm(host, device, named, intent);
        DeviceMedium medium = DeviceMedium.OpenDevice(device);
        try
        {
            // While a person typed, one device may have gone and another come, or been mounted; from here on neither can happen.
            BlockDevice? now = BlockDevices.Read(host.SystemRoot).Find(device.Number);
            if (now is null || !now.IsSame(device))
            {
                throw new EmberException(ErrorKind.Input, $"{device.Path}: is another device than a moment ago; give the command again");
            }

            WriteRules.Require(now, intent);
            return medium;
        }
        catch
        {
            medium.Dispose();
            throw;
        }
    }

    private static void Confirm(CliHost host, BlockDevice device, string? named, WriteIntent intent)
    {
        if (named is not null && !intent.IsNamed)
        {
            throw new EmberException(ErrorKind.Input,
                $"{device.Path}: --yes-erase '{named}' is not its serial number, which is '{device.Confirmation}'; "
                + "see that it is the right device");
        }

        WriteRules.Require(device, intent);
        if (named is not null)
        {
            return;
        }

        host.Error.WriteLine(DeviceList.Describe(device));
        string what = device.Serial.Length == 0 ? "name and length" : "serial number";
        string answer = host.Ask($"everything on it will be lost; type its {what}, {device.Confirmation}, to go on")
            ?? throw new EmberException(ErrorKind.Input,
                $"{device.Path}: nobody is there to ask; give --yes-erase '{device.Confirmation}' if it is meant");
        if (answer.Trim() != device.Confirmation)
        {
            throw new EmberException(
                ErrorKind.Input, $"{device.Path}: that is not its {what}, so nothing was written; look which device it is");
        }
    }

    private static async Task<int> WriteAsync(
        CliHost host, WriteSettings settings, ParseResult parsed, ImageSource source, DeviceMedium medium, CancellationToken cancellation)
    {
        MediumWriter? writer = null;
        TransferProgress? times = null;
        WriteReport? report = null;
        try
        {
            await new Steps(host).RunAsync($"writing {source.Path} to {medium.Name}", async show =>
            {
                times = new TransferProgress(host.Clock, host.IsTerminal, show);
                MediumImage image = await Task.Run(() => MediumImage.Read(source, medium.Length, times.Report, cancellation), cancellation);
                writer = new MediumWriter(image, medium, new WriteOptions
                {
                    ChangedOnly = parsed.GetValue(settings.ChangedOnly),
                    CheckCapacity = parsed.GetValue(settings.CheckCapacity),
                    Progress = times.Report,
                });
                report = await Task.Run(() => writer.Write(cancellation), CancellationToken.None);
            });
        }
        catch (OperationCanceledException)
        {
            host.Report(writer is { State: not MediumState.Untouched }
                ? $"stopped; {medium.Name} does not boot now: write it again"
                : $"stopped; nothing was written to {medium.Name}");
            return Interrupted;
        }

        Write(host, parsed.GetValue(settings.Json), medium, report!, times!);
        return Done;
    }

    private static void Write(CliHost host, bool isJson, DeviceMedium medium, WriteReport report, TransferProgress times)
    {
        TimeSpan writing = times.TimeOf(MediumPhase.Writing);
        // Where nothing differed, comparing was reading back.
        TimeSpan verifying = times.TimeOf(report.BytesWritten == 0 ? MediumPhase.Comparing : MediumPhase.Verifying);
        double writeRate = TransferProgress.Rate(report.BytesWritten, writing);
        double readRate = TransferProgress.Rate(report.ImageLength, verifying);
        if (isJson)
        {
            host.Output.WriteLine(new JsonObject
            {
                ["device"] = medium.Name,
                ["imageBytes"] = report.ImageLength,
                ["deviceBytes"] = report.MediumLength,
                ["bytesWritten"] = report.BytesWritten,
                ["bytesSkipped"] = report.BytesSkipped,
                ["writeSeconds"] = Math.Round(writing.TotalSeconds, 3),
                ["writeBytesPerSecond"] = Math.Round(writeRate),
                ["readBackSeconds"] = Math.Round(verifying.TotalSeconds, 3),
                ["readBackBytesPerSecond"] = Math.Round(readRate),
                ["readBack"] = medium.IsDirect ? "direct" : "cache emptied",
                ["tableMoved"] = report.IsTableMoved,
                ["imageSha256"] = report.ImageSha256,
                ["deviceSha256"] = report.MediumSha256,
            }.ToJsonString(JsonOutput.Indented));
            return;
        }

        string rate = report.BytesWritten == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" at {writeRate / 1e6:0.0} MB/s");
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{medium.Name}: {report.BytesWritten:N0} bytes written{rate}, read back at {readRate / 1e6:0.0} MB/s and right"));
        host.Output.WriteLine($"  sha256 of the image   {report.ImageSha256}");
        string moved = report.IsTableMoved ? "  (its table was fitted to the device)" : "";
        host.Output.WriteLine($"  sha256 of the device  {report.MediumSha256}{moved}");
    }
}
