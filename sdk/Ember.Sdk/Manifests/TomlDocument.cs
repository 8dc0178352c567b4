using System;
using System.Linq;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Ember.Sdk.Manifests;

/// <summary>Reads TOML into nodes that know their lines. Tomlyn checks the syntax and that nothing is defined twice.</summary>
internal static class TomlDocument
{
    /// <summary>Reads a whole document.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name for messages.</param>
    /// <exception cref="EmberException">It is not TOML (exit code 2).</exception>
    public static TomlMap Read(string text, string file)
    {
        DocumentSyntax document = Parse(text, file);
        DiagnosticMessage? wrong = document.Diagnostics
            .Where(message => message.Kind == DiagnosticMessageKind.Error)
            .MinBy(message => LineOf(message.Span));
        if (wrong is not null)
        {
            throw new ManifestPosition(file, LineOf(wrong.Span)).Error(wrong.Message.TrimEnd());
        }

        TomlMap root = new(1);
        AddAll(root, document.KeyValues);
        foreach (TableSyntaxBase table in document.Tables)
        {
            AddAll(Open(root, table), table.Items);
        }

        return root;
    }

    private static DocumentSyntax Parse(string text, string file)
    {
        try
        {
            return SyntaxParser.Parse(text, file, validate: true);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // Tomlyn 2.10 cannot put the end of the text into its own message about an escape.
            throw new EmberException(ErrorKind.Input, $"{file}: a string ends with a backslash that nothing follows", e);
        }
    }

    private static void AddAll(TomlMap map, SyntaxList<KeyValueSyntax> pairs)
    {
        foreach (KeyValueSyntax pair in pairs)
        {
            Add(map, pair);
        }
    }

    private static void Add(TomlMap map, KeyValueSyntax pair)
    {
        int line = LineOf(pair.Span);
        string[] path = PathOf(pair.Key!);
        foreach (string step in path[..^1])
        {
            map = Enter(map, step, line);
        }

        map.Entries.Add(new TomlEntry(path[^1], line, ValueOf(pair.Value!)));
    }

    /// <summary>The table a heading names, made if need be.</summary>
    private static TomlMap Open(TomlMap map, TableSyntaxBase heading)
    {
        int line = LineOf(heading.Span);
        string[] path = PathOf(heading.Name!);
        foreach (string step in path[..^1])
        {
            map = Enter(map, step, line);
        }

        if (heading is TableSyntax)
        {
            return Enter(map, path[^1], line);
        }

        if (map.Find(path[^1]) is not TomlList list)
        {
            list = new TomlList(line);
            map.Entries.Add(new TomlEntry(path[^1], line, list));
        }

        TomlMap element = new(line);
        list.Items.Add(element);
        return element;
    }

    /// <summary>The table under a key, or the last of an array of them, made if need be.</summary>
    private static TomlMap Enter(TomlMap map, string key, int line)
    {
        switch (map.Find(key))
        {
            case TomlMap inner:
                return inner;
            case TomlList list when list.Items.LastOrDefault() is TomlMap last:
                return last;
            default:
                TomlMap made = new(line);
                map.Entries.Add(new TomlEntry(key, line, made));
                return made;
        }
    }

    private static TomlNode ValueOf(ValueSyntax value)
    {
        int line = LineOf(value.Span);
        switch (value)
        {
            case StringValueSyntax text:
                return new TomlText(line, text.Value ?? "");
            case IntegerValueSyntax integer:
                return new TomlInteger(line, integer.Value);
            case InlineTableSyntax table:
                TomlMap map = new(line, IsInline: true);
                foreach (InlineTableItemSyntax item in table.Items)
                {
                    Add(map, item.KeyValue!);
                }

                return map;
            case ArraySyntax array:
                TomlList list = new(line);
                foreach (ArrayItemSyntax item in array.Items)
                {
                    list.Items.Add(ValueOf(item.Value!));
                }

                return list;
            case BooleanValueSyntax boolean:
                return new TomlBoolean(line, boolean.Value);
            case FloatValueSyntax:
                return new TomlOther(line, "a number with a fraction");
            default:
                return new TomlOther(line, "a date or time");
        }
    }

    private static string[] PathOf(KeySyntax key) =>
        [NameOf(key.Key!), .. key.DotKeys.Select(dotted => NameOf(dotted.Key!))];

    private static string NameOf(BareKeyOrStringValueSyntax key) => key switch
    {
        BareKeySyntax bare => bare.Key?.Text ?? "",
        StringValueSyntax quoted => quoted.Value ?? "",
        _ => key.ToString() ?? "",
    };

    private static int LineOf(SourceSpan span) => span.Start.Line + 1;
}
