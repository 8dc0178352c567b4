using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Ember.Sdk.Footprint.Storage;

/// <summary>A JSON object of a file of Ember's own, read strictly: every property is there, is what it should be, and no other.</summary>
internal sealed class StoredObject
{
    /// <summary>The largest number of bytes that is believed: 1 TiB, so that no sum of a file's numbers overflows.</summary>
    public const long LargestNumber = 1L << 40;

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly string _place;
    private readonly Dictionary<string, JsonElement> _properties;
    private readonly HashSet<string> _asked = [];

    private StoredObject(string place, JsonElement element)
    {
        _place = place;
        _properties = element.ValueKind == JsonValueKind.Object
            ? PropertiesOf(element)
            : throw Bad($"{Kind(element)} where an object should be");
    }

    /// <summary>Reads the one object of a document.</summary>
    /// <param name="place">File, and line if the document is one, for messages.</param>
    /// <param name="json">The document, UTF-8.</param>
    /// <exception cref="EmberException">It is not JSON, or no object (exit code 2).</exception>
    public static StoredObject Parse(string place, ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, _strict);
            return new StoredObject(place, document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for a property's name that spells half a character.
            string problem = e.Message.ReplaceLineEndings(" ");
            throw new EmberException(ErrorKind.Input, $"{place}: damaged or cut off: {problem}", e);
        }
    }

    /// <summary>Refuses a file that is something else, or written by a later version.</summary>
    public void RequireFormat(string schema, int format)
    {
        if (Text("schema") is var found && found != schema)
        {
            throw Bad($"it is a '{found}', not an '{schema}'");
        }

        if (Number("format") is var number && number != format)
        {
            throw Bad($"format {number} is unknown; this version of ember reads format {format}");
        }
    }

    /// <summary>A string.</summary>
    public string Text(string name)
    {
        JsonElement value = Property(name, JsonValueKind.String, "a string");
        return Unicode(() => value.GetString() ?? "");
    }

    /// <summary>SHA-256 in lower-case hexadecimal, or nothing.</summary>
    public string Digest(string name, bool mayBeEmpty = false)
    {
        string text = Text(name);
        return (mayBeEmpty && text.Length == 0) || (text.Length == 64 && text.All(char.IsAsciiHexDigitLower))
            ? text
            : throw Bad($"{name} is no SHA-256");
    }

    /// <summary>One of an enumeration's names.</summary>
    public T Word<T>(string name)
        where T : struct, Enum
    {
        string text = Text(name);
        return Enum.GetNames<T>().Contains(text) ? Enum.Parse<T>(text) : throw Bad($"{name} '{text}' is unknown");
    }

    /// <summary>A whole number from zero to <see cref="LargestNumber"/>.</summary>
    public long Number(string name) => Number(name, Property(name, JsonValueKind.Number, "a number"));

    /// <summary>The four numbers of <see cref="Sizes"/>.</summary>
    public Sizes Sizes() => new(Number("flash"), Number("file"), Number("loaded"), Number("runTime"));

    /// <summary>Objects in an array.</summary>
    public IEnumerable<StoredObject> Objects(string name) => Property(name, JsonValueKind.Array, "an array")
        .EnumerateArray()
        .Select((element, i) => new StoredObject($"{_place}: {name}[{i}]", element));

    /// <summary>An object of numbers.</summary>
    public IReadOnlyDictionary<string, long> Numbers(string name) => PropertiesOf(Property(name, JsonValueKind.Object, "an object"))
        .ToDictionary(property => property.Key, property => Number($"a number of {name}", property.Value));

    /// <summary>Refuses properties that nobody asked for.</summary>
    public void End()
    {
        if (_properties.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
        {
            throw Bad($"unknown property '{unknown}'");
        }
    }

    /// <summary>The failure to tell about the object.</summary>
    public EmberException Bad(string what) => new(ErrorKind.Input, $"{_place}: {what}");

    private long Number(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number is >= 0 and <= LargestNumber
            ? number
            : throw Bad($"{name} is no whole number from 0 to {LargestNumber}");

    private Dictionary<string, JsonElement> PropertiesOf(JsonElement element) =>
        Unicode(() => element.EnumerateObject().ToDictionary(property => property.Name, property => property.Value));

    /// <summary>JSON can spell half a character, <c>\ud800</c>, which no string may hold.</summary>
    private T Unicode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new EmberException(ErrorKind.Input, $"{_place}: a text in it is not Unicode", e);
        }
    }

    private JsonElement Property(string name, JsonValueKind kind, string needed)
    {
        _asked.Add(name);
        return !_properties.TryGetValue(name, out JsonElement value) ? throw Bad($"{name} is missing")
            : value.ValueKind == kind ? value
            : throw Bad($"{name} is {Kind(value)}; {needed} is needed");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
