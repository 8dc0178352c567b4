using System.Collections.Generic;
using System.Xml;

namespace Ember.Sdk.Symbols;

/// <summary>ilc's <c>--map</c> file: what each thing it made is, and how long.</summary>
public sealed class CompilerMap
{
    /// <summary>Lies in no image: collected garbage does not exist here.</summary>
    private const string GarbageCollectorInfo = "GCInfo";

    private readonly Dictionary<string, CompilerObject> _objects = [];

    private CompilerMap()
    {
    }

    /// <summary>What the compiler made, by its symbol.</summary>
    public IReadOnlyDictionary<string, CompilerObject> Objects => _objects;

    /// <summary>Reads the map in the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none (exit code 2).</exception>
    public static CompilerMap Read(string path)
    {
        try
        {
            CompilerMap map = new();
            using XmlReader xml = XmlReader.Create(path, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            xml.ReadToFollowing("ObjectNodes");
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.Depth == 1 && xml.LocalName != GarbageCollectorInfo)
                {
                    map.Add(path, xml);
                }
            }

            return map;
        }
        catch (XmlException e)
        {
            throw new EmberException(ErrorKind.Input, $"{path}:{e.LineNumber}: no map of ilc's: {e.Message}", e);
        }
    }

    private void Add(string path, XmlReader xml)
    {
        if (xml.GetAttribute("Name") is not { } name || !uint.TryParse(xml.GetAttribute("Length"), out uint length))
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no map of ilc's: an object has no name or no length");
        }

        _objects[name] = new CompilerObject(xml.LocalName, length, xml.GetAttribute("Hash") ?? "");
    }
}
