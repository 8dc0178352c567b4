using System;
using System.Globalization;
using System.Runtime.InteropServices;
using CsCheck;
using Ember.Platform.Uefi;

namespace Ember.Platform.Tests.Uefi;

public sealed unsafe class UefiTests
{
    [Fact]
    public void Any_valid_date_is_as_many_seconds_as_dotnet_says() =>
        Gen.DateTime[new DateTime(1970, 1, 1), new DateTime(2199, 12, 31)].Sample(date =>
        {
            var time = new EfiTime
            {
                Year = (ushort)date.Year,
                Month = (byte)date.Month,
                Day = (byte)date.Day,
                Hour = (byte)date.Hour,
                Minute = (byte)date.Minute,
                Second = (byte)date.Second,
            };
            long expected = (long)(new DateTime(date.Year, date.Month, date.Day, date.Hour, date.Minute, date.Second) - DateTime.UnixEpoch).TotalSeconds;
            Assert.Equal((ulong)expected, time.ToUnixSeconds());
        });

    [Theory]
    [InlineData(1969, 1, 1, 0)]
    [InlineData(2026, 0, 1, 0)]
    [InlineData(2026, 13, 1, 0)]
    [InlineData(2026, 1, 0, 0)]
    [InlineData(2026, 1, 32, 0)]
    [InlineData(2026, 1, 1, 24)]
    public void A_clock_that_was_never_set_gives_zero(ushort year, byte month, byte day, byte hour) =>
        Assert.Equal(0ul, new EfiTime { Year = year, Month = month, Day = day, Hour = hour }.ToUnixSeconds());

    [Theory]
    [InlineData(nameof(EfiGuid.LoadedImageProtocol), "5B1B31A1-9562-11D2-8E3F-00A0C969723B")]
    [InlineData(nameof(EfiGuid.SimpleFileSystemProtocol), "964E5B22-6459-11D2-8E39-00A0C969723B")]
    [InlineData(nameof(EfiGuid.GraphicsOutputProtocol), "9042A9DE-23DC-4A38-96FB-7ADED080516A")]
    [InlineData(nameof(EfiGuid.Acpi20Table), "8868E871-E4F1-11D3-BC22-0080C73C8881")]
    [InlineData(nameof(EfiGuid.Acpi10Table), "EB9D2D30-2D88-11D3-9A16-0090273FC14D")]
    public void Identifiers_are_laid_out_as_dotnet_lays_out_the_specifications_text(string property, string text)
    {
        var guid = (EfiGuid)typeof(EfiGuid).GetProperty(property)!.GetValue(null)!;
        byte[] expected = Guid.Parse(text, CultureInfo.InvariantCulture).ToByteArray();
        Assert.Equal(expected, MemoryMarshal.AsBytes(new ReadOnlySpan<EfiGuid>(in guid)).ToArray());
    }

    [Fact]
    public void Structures_have_the_sizes_of_the_specification()
    {
        Assert.Equal(120, sizeof(EfiSystemTable));
        Assert.Equal(376, sizeof(EfiBootServices));
        Assert.Equal(136, sizeof(EfiRuntimeServices));
        Assert.Equal(96, sizeof(EfiLoadedImage));
        Assert.Equal(40, sizeof(EfiMemoryDescriptor));
        Assert.Equal(16, sizeof(EfiTime));
    }
}
