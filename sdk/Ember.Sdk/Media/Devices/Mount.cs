using System;
using System.Collections.Generic;
using System.Text;

namespace Ember.Sdk.Media.Devices;

/// <summary>A line of <c>/proc/self/mountinfo</c> (proc(5)).</summary>
/// <param name="Number">Major and minor number of the device; one of no device for some file systems.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Source">What is mounted: often the path of a device.</param>
internal sealed record Mount(string Number, string Point, string Source)
{
    private const int NumberField = 2;
    private const int PointField = 4;
    private const int FirstOptionalField = 6;

    // What a system does not run without, or holds what its users made.
    private static readonly string[] _systemPoints =
        ["/boot", "/efi", "/etc", "/home", "/nix", "/opt", "/root", "/snap", "/srv", "/usr", "/var"];

    /// <summary>True for a part of the running system.</summary>
    public bool IsSystem => Point == "/" || Array.Exists(_systemPoints, point => Contains(point, Point));

    /// <summary>Reads a line; null if it is none.</summary>
    public static Mount? Parse(string line)
    {
        string[] fields = line.Split(' ');
        int separator = fields.Length > FirstOptionalField ? Array.IndexOf(fields, "-", FirstOptionalField) : -1;
        return separator < 0 || separator + 2 >= fields.Length
            ? null
            : new Mount(fields[NumberField], Unescape(fields[PointField]), Unescape(fields[separator + 2]));
    }

    /// <summary>The mount that <paramref name="path"/> (absolute, without links) lies on; null if on none.</summary>
    public static Mount? Of(string path, IEnumerable<Mount> mounts)
    {
        Mount? best = null;
        foreach (Mount mount in mounts)
        {
            // Of two at the same point the later one hides the earlier.
            if (Contains(mount.Point, path) && mount.Point.Length >= (best?.Point.Length ?? 0))
            {
                best = mount;
            }
        }

        return best;
    }

    /// <summary>Undoes what the kernel does to white space and backslashes in its tables: three octal digits.</summary>
    public static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        StringBuilder text = new();
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length
                && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]))
            {
                text.Append((char)((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + field[i + 3] - '0'));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }

    private static bool Contains(string folder, string path) =>
        folder == "/" || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static bool IsOctal(char character) => character is >= '0' and <= '7';
}
