using System;
using System.Collections.Generic;
using System.IO;
using System.Xml;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>ilc's <c>--dgmllog</c> file, written with <c>--fulllog</c>: everything it compiled, and what asked for it.</summary>
public sealed class DependencyGraph
{
    private const string Namespace = "http://schemas.microsoft.com/vs/2009/dgml";
    private const int LargestFile = 256 << 20;

    private readonly string _path;
    private readonly List<string> _labels = [];
    private readonly List<(int From, int To)> _edges = [];
    private readonly Dictionary<string, int> _numbers = [];

    private DependencyGraph(string path)
    {
        _path = path;
    }

    /// <summary>What each node is called: a symbol, or a reason of the compiler's own. Two nodes may have one name.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>Which node asks for which, as indices of <see cref="Labels"/>.</summary>
    public IReadOnlyList<(int From, int To)> Edges => _edges;

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is not there, or no such graph (exit code 2); the message names the line.</exception>
    public static DependencyGraph Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Read(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a graph from a stream; messages name it <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is no such graph (exit code 2); the message names the line.</exception>
    public static DependencyGraph Read(string path, Stream stream)
    {
        XmlReaderSettings strict = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = LargestFile,
            IgnoreWhitespace = true,
            IgnoreComments = true,
        };
        try
        {
            DependencyGraph graph = new(path);
            using XmlReader xml = XmlReader.Create(stream, strict);
            graph.ReadDocument(xml);
            return graph;
        }
        catch (XmlException e)
        {
            string line = e.LineNumber == 0 ? "" : $":{e.LineNumber}";
            throw new EmberException(ErrorKind.Input, $"{path}{line}: no dependency graph of ilc's: {e.Message}", e);
        }
    }

    private void ReadDocument(XmlReader xml)
    {
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "DirectedGraph" || xml.NamespaceURI != Namespace)
        {
            throw Bad(xml, "the document is no DirectedGraph");
        }

        string part = "";
        while (xml.Read())
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                throw Bad(xml, "text between the elements");
            }

            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.Depth, xml.LocalName)
            {
                case (1, "Nodes" or "Links" or "Properties"):
                    part = xml.LocalName;
                    break;
                case (2, "Node") when part == "Nodes":
                    AddNode(xml);
                    break;
                case (2, "Link") when part == "Links":
                    _edges.Add((Number(xml, "Source"), Number(xml, "Target")));
                    break;
                case (2, "Property") when part == "Properties":
                    break;
                default:
                    throw Bad(xml, $"a {xml.LocalName} where none belongs");
            }
        }

        if (_labels.Count == 0)
        {
            throw Bad(xml, "it has no nodes");
        }
    }

    private void AddNode(XmlReader xml)
    {
        if (!_numbers.TryAdd(Attribute(xml, "Id"), _labels.Count))
        {
            throw Bad(xml, $"two nodes have the Id {Attribute(xml, "Id")}");
        }

        _labels.Add(Attribute(xml, "Label"));
    }

    private int Number(XmlReader xml, string end)
    {
        string id = Attribute(xml, end);
        return _numbers.TryGetValue(id, out int number) ? number : throw Bad(xml, $"a link's {end} is {id}, which no node is");
    }

    private string Attribute(XmlReader xml, string name) =>
        xml.GetAttribute(name) ?? throw Bad(xml, $"a {xml.LocalName} has no {name}");

    private EmberException Bad(XmlReader xml, string what) => new(
        ErrorKind.Input, $"{_path}:{((IXmlLineInfo)xml).LineNumber}: no dependency graph of ilc's: {what}; build again");
}
