using System.Linq;
using Ember.Sdk.Images.Containers;

namespace Ember.Sdk.Tests.Images.Containers;

public sealed class ImageFormatTests
{
    [Theory]
    [InlineData("img", "img:")]
    [InlineData("qcow2, img.zst", "img.zst:.img.zst .bmap|qcow2:.qcow2")]
    [InlineData("iso,vhd,vhd,img", "img:|vhd:.vhd|iso:.iso")]
    public void A_list_names_each_form_once(string list, string expected) => Assert.Equal(
        expected,
        string.Join('|', ImageFormat.ParseList(list).Select(format =>
            $"{format.Name}:{string.Join(' ', format.Containers.Select(container => container.Suffix))}")));

    [Theory]
    [InlineData("", "''")]
    [InlineData("img,", "''")]
    [InlineData("img,vmdk", "'vmdk'")]
    [InlineData("IMG", "'IMG'")]
    public void An_unknown_form_is_refused_with_those_there_are(string list, string named)
    {
        EmberException e = Assert.Throws<EmberException>(() => ImageFormat.ParseList(list));
        Assert.Equal(
            (ErrorKind.Input, $"{named} is no format of an image; there are img, img.zst, qcow2, vhd, iso"), (e.Kind, e.Message));
    }

    [Fact]
    public void Every_container_belongs_to_a_form() => Assert.Equal(
        ImageContainers.All.Select(container => container.Suffix),
        ImageFormat.All.SelectMany(format => format.Containers).Select(container => container.Suffix));
}
