using System;
using System.IO;
using System.Text;
using Ember.Cli.Terminals;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Terminals;

public sealed class SerialViewTests
{
    [Theory]
    [InlineData(false, "firmware", "firmware\n")]
    [InlineData(false, "firmware\r\n", "firmware\n")]
    [InlineData(true, "firmware", "firmware\r\n")]
    [InlineData(true, "ember: Ember\r\n|/ # ", "ember: Ember\r\n/ # \r\n")]
    [InlineData(true, "ember: Ember\r\n|/ # exit\r\n", "ember: Ember\r\n/ # exit\r\n")]
    [InlineData(true, "ember: Ember\r\n|\x1B[6n", "ember: Ember\r\n\x1B[6n\r\n")]
    public void What_follows_a_machines_words_begins_a_line_of_its_own(bool interactive, string pieces, string expected)
    {
        using MemoryStream output = new();
        SerialView view = new(output, interactive);
        SerialLog log = new(TimeProvider.System);
        view.Attach(log);
        foreach (string piece in pieces.Split('|'))
        {
            log.Append(Encoding.ASCII.GetBytes(piece));
        }

        view.EndLine();
        view.EndLine();
        Assert.Equal(expected, Encoding.ASCII.GetString(output.ToArray()));
    }
}
