using System;
using System.IO;
using System.Threading.Tasks;
using BigGustave;
using Ember.Formats.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Validation;

namespace Ember.Boot.Tests;

/// <summary>Which bank the loader starts, what becomes of a trial, and what is said when there is nothing to start.</summary>
public sealed class BankTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    [Fact]
    public async Task A_trial_that_works_is_good_at_the_next_start()
    {
        string image = fixture.Damage("bank-trial", "none");
        KeyState.Set(image, BankSlot.B, BankCondition.Good, BankCondition.Trial);
        string variables = Path.Combine(fixture.Folder, "bank-trial.fd");
        await BootAsync("bank-trial", image, variables, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line == "ember: this start is confirmed: the bank is good"), run.Machine.Serial.Text);
        });
        Assert.Equal((BankCondition.Trial, 2u), (KeyState.Read(image).B.Condition, KeyState.Read(image).B.TriesLeft));
        await BootAsync("bank-confirmed", image, variables, async run =>
        {
            await run.ExpectAsync("ember: bank B: confirmed: its virtual machines came up at the last start");

            // The state is on the key before the first file is loaded, not before the line above.
            await run.ExpectAsync("ember: core.efi verified");
        });
        Assert.Equal(BankCondition.Good, KeyState.Read(image).B.Condition);
    }

    [Fact]
    public async Task A_trial_with_a_damaged_file_is_bad_and_the_other_bank_runs()
    {
        string image = fixture.Damage("bank-damaged", "initrd", KeyLayout.BankBName);
        KeyState.Set(image, BankSlot.B, BankCondition.Good, BankCondition.Trial);
        await BootAsync("bank-damaged", image, null, async run =>
        {
            await run.ExpectEndAsync(MachineEnd.PoweredOff);
            Assert.True(run.Said(line => line.StartsWith("ember: bank B: linux-initrd.cpio: SHA-256 differs", StringComparison.Ordinal)));
            Assert.True(run.Said(line => line.StartsWith("ember: bank A 0.1.0 verified", StringComparison.Ordinal)));
        });
        Assert.Equal((BankSlot.A, BankCondition.Bad), (KeyState.Read(image).Preferred, KeyState.Read(image).B.Condition));
    }

    [Fact]
    public async Task A_key_without_a_bank_that_verifies_says_what_to_do_and_waits()
    {
        string image = fixture.Damage("bank-none", "initrd", KeyLayout.BankAName, KeyLayout.BankBName);
        await BootAsync("bank-none", image, null, async run =>
        {
            await run.ExpectAsync("ember: nothing could be started: write the key again, or plug in another one");
            await run.ExpectAsync("ember: stopped: press a key");
            string screen = Path.Combine(fixture.Folder, "bank-none.png");
            await run.Machine.TakeScreenshotAsync(screen);
            AssertShows(Path.Combine(fixture.ReferenceFolder, "logo.png"), screen);
            await Assert.IsType<QemuMachine>(run.Machine).PressKeysAsync(["spc"]);
            await run.ExpectAsync("BdsDxe: failed to start");
        });
    }

    /// <summary>The vendor's picture is on the screen, centred, an eighth of the screen under it.</summary>
    private static void AssertShows(string logo, string screen)
    {
        Png expected = Png.Open(logo);
        Png shown = Png.Open(screen);
        int left = (shown.Width - expected.Width) / 2;
        int top = (shown.Height / 8 * 7) - expected.Height;
        for (int y = 0; y < expected.Height; y++)
        {
            for (int x = 0; x < expected.Width; x++)
            {
                Pixel pixel = expected.GetPixel(x, y);
                Pixel seen = shown.GetPixel(left + x, top + y);
                Assert.True(pixel.A != byte.MaxValue || (pixel.R, pixel.G, pixel.B) == (seen.R, seen.G, seen.B), $"at {x}, {y}");
            }
        }
    }

    private Task BootAsync(string name, string image, string? variables, Func<BootRun, Task> test) =>
        BootRun.InAsync(fixture.Repository, new MachineOptions(image) { Variables = variables, WritesImage = true }, name, test);
}
