using System;
using System.IO;
using System.Text;
using Ember.Sdk.Footprint.Retention;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Footprint.Retention;

public sealed class DependencyGraphTests
{
    private const string Good =
        """
        <?xml version="1.0" encoding="utf-8"?>
        <DirectedGraph xmlns="http://schemas.microsoft.com/vs/2009/dgml">
         <Nodes>
          <Node Id="0" Label="Runtime export" />
          <Node Id="7" Label="A&lt;B&gt;" />
         </Nodes>
         <Links>
          <Link Source="0" Target="7" Reason="" />
         </Links>
         <Properties>
          <Property Id="Label" Label="Label" DataType="String" />
         </Properties>
        </DirectedGraph>
        """;

    [Fact]
    public void Nodes_and_links_are_read()
    {
        DependencyGraph graph = Read(Good);

        Assert.Equal(["Runtime export", "A<B>"], graph.Labels);
        Assert.Equal([(0, 1)], graph.Edges);
    }

    [Theory]
    [InlineData("Id=\"7\"", "Id=\"0\"", ":5: ", "two nodes have the Id 0")]
    [InlineData("Target=\"7\"", "Target=\"1\"", ":8: ", "a link's Target is 1, which no node is")]
    [InlineData("Source=\"0\"", "", ":8: ", "a Link has no Source")]
    [InlineData("Id=\"7\" ", "", ":5: ", "a Node has no Id")]
    [InlineData("Label=\"Runtime export\" ", "", ":4: ", "a Node has no Label")]
    [InlineData("<Links>", "<Links>text", ":7: ", "text between the elements")]
    [InlineData("<Link ", "<Node ", ":8: ", "a Node where none belongs")]
    [InlineData("<Property ", "<Link ", ":11: ", "a Link where none belongs")]
    [InlineData("2009/dgml", "2010/dgml", ":2: ", "the document is no DirectedGraph")]
    [InlineData("&lt;B&gt;", "&b;", ":5: ", "undeclared entity")]
    [InlineData("<DirectedGraph ", "<!DOCTYPE x [<!ENTITY b \"b\">]><DirectedGraph ", ": ", "DTD is prohibited")]
    public void Anything_else_is_refused_where_it_stands(string find, string replace, string line, string expected)
    {
        Assert.Contains(find, Good, StringComparison.Ordinal);
        string message = Refuse(Good.Replace(find, replace, StringComparison.Ordinal));

        Assert.StartsWith("core.dgml" + line + "no dependency graph of ilc's: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_graph_cut_off_anywhere_is_refused()
    {
        for (int length = 0; length < Good.Length; length++)
        {
            Refuse(Good[..length]);
        }
    }

    [Fact]
    public void A_graph_without_nodes_is_refused() => Assert.Contains(
        "it has no nodes", Refuse("<DirectedGraph xmlns=\"http://schemas.microsoft.com/vs/2009/dgml\" />"), StringComparison.Ordinal);

    [Fact]
    public void An_absent_file_is_told()
    {
        using TemporaryFolder folder = new();

        EmberException e = Assert.Throws<EmberException>(() => DependencyGraph.Read(folder["core.dgml"]));

        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.StartsWith(folder["core.dgml"] + ": cannot be read: ", e.Message, StringComparison.Ordinal);
    }

    private static DependencyGraph Read(string text) => DependencyGraph.Read("core.dgml", new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static string Refuse(string text)
    {
        EmberException e = Assert.Throws<EmberException>(() => Read(text));
        Assert.Equal(ErrorKind.Input, e.Kind);
        return e.Message;
    }
}
