using System;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ember.Sdk.Footprint.Storage;

/// <summary>Reads and writes the files that Ember keeps about footprints.</summary>
internal static class StoredFile
{
    private const int LargestFile = 64 << 20;

    private static readonly JsonWriterOptions _oneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole file.</summary>
    /// <exception cref="EmberException">It is not there, cannot be read or is too large (exit code 2).</exception>
    public static byte[] Load(string path)
    {
        try
        {
            return new FileInfo(path).Length > LargestFile
                ? throw new EmberException(ErrorKind.Input, $"{path}: larger than 64 MiB: nothing that ember wrote")
                : File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes an object on one line.</summary>
    public static void WriteObject(Stream stream, Action<Utf8JsonWriter> writeProperties)
    {
        using Utf8JsonWriter json = new(stream, _oneLine);
        json.WriteStartObject();
        writeProperties(json);
        json.WriteEndObject();
    }

    /// <summary>Writes what <see cref="StoredObject.Sizes"/> reads.</summary>
    public static void WriteSizes(Utf8JsonWriter json, Sizes sizes)
    {
        json.WriteNumber("flash", sizes.Flash);
        json.WriteNumber("file", sizes.File);
        json.WriteNumber("loaded", sizes.Loaded);
        json.WriteNumber("runTime", sizes.RunTime);
    }
}
