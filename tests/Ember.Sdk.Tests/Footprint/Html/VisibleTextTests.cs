using Ember.Sdk.Footprint.Html;

namespace Ember.Sdk.Tests.Footprint.Html;

public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Loop<Svm>.Run(Byte*)", "Loop<Svm>.Run(Byte*)")]
    [InlineData("größer 大 😀", "größer 大 😀")]
    [InlineData("a\0b\n", "a⟨U+0000⟩b⟨U+000A⟩")]
    [InlineData("\u202Etxt\u2066\u200B", "⟨U+202E⟩txt⟨U+2066⟩⟨U+200B⟩")]
    [InlineData("\u2028", "⟨U+2028⟩")]
    public void What_cannot_be_seen_is_named(string text, string visible) => Assert.Equal(visible, VisibleText.Of(text));

    [Fact]
    public void Half_a_character_becomes_the_sign_for_none()
    {
        Assert.Equal("\uFFFDa", VisibleText.Of("\uD800a"));
        Assert.Equal("a\uFFFD", VisibleText.Of("a\uDC00"));
    }
}
