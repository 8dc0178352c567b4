using System.Text;
using System.Text.RegularExpressions;

namespace Ember.Stubs.Symbols;

/// <summary>
/// Makes a name for people from a symbol of ilc's: assembly, namespace and type run together by underscores, two underscores, the
/// method, type arguments in angle brackets. "Ember_Core_Ember_Core_Startup_Entry__Main" becomes "Entry.Main".
/// </summary>
public static partial class MangledName
{
    private const string Separator = "__";

    /// <summary>Whether a symbol is a C# method's, and no name a machine-code stub or an export chose.</summary>
    public static bool IsMethod(string symbol) => symbol.IndexOf(Separator, StringComparison.Ordinal) > 0;

    /// <summary>The name for people; a symbol that is no method's is one already.</summary>
    public static string ToReadable(string symbol)
    {
        string name = WithoutTypeArguments(symbol);
        int separator = name.IndexOf(Separator, StringComparison.Ordinal);
        if (separator <= 0)
        {
            return name;
        }

        string type = name[..separator];
        string method = name[(separator + Separator.Length)..];
        Match special = CompilerType().Match(method);
        if (special.Success)
        {
            type = special.Groups["type"].Value;
            method = special.Groups["method"].Value;
        }

        return $"{LastPart(type)}.{Method(method)}";
    }

    private static string Method(string method)
    {
        Match local = LocalFunction().Match(method);
        if (local.Success)
        {
            return $"{local.Groups["outer"].Value}.{local.Groups["local"].Value}";
        }

        string name = Overload().Replace(method, "").TrimStart('_');
        return name.StartsWith("Ember_", StringComparison.Ordinal) || name.StartsWith("System_", StringComparison.Ordinal)
            ? LastPart(name)
            : name;
    }

    /// <summary>The last part that is no number: of "Ember_Core_Devices_Ring_1", where 1 counts type parameters, "Ring".</summary>
    private static string LastPart(string name) =>
        name.Split('_', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(part => !char.IsAsciiDigit(part[0])) ?? name;

    private static string WithoutTypeArguments(string symbol)
    {
        var text = new StringBuilder(symbol.Length);
        int depth = 0;
        foreach (char c in symbol)
        {
            depth += c == '<' ? 1 : 0;
            if (depth == 0)
            {
                text.Append(c);
            }

            depth -= c == '>' && depth > 0 ? 1 : 0;
        }

        return text.ToString();
    }

    /// <summary>A type the compiler made has its angle brackets turned into underscores: "_Module_" of &lt;Module&gt;.</summary>
    [GeneratedRegex("^(?<type>[A-Za-z][A-Za-z0-9]*)___(?<method>.+)$")]
    private static partial Regex CompilerType();

    /// <summary>A local function: &lt;Outer&gt;g__Local|0_0.</summary>
    [GeneratedRegex("^_(?<outer>.+?)_g__(?<local>.+?)_[0-9]+_[0-9]+$")]
    private static partial Regex LocalFunction();

    [GeneratedRegex("_[0-9]+$")]
    private static partial Regex Overload();
}
