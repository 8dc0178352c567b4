using System.Collections.Generic;
using System.Text;
using System.Text.RegularExpressions;

namespace Ember.Core.Tests.Console;

/// <summary>How programs read a serial log: every way gives lines that end with a line feed.</summary>
internal static partial class LogReader
{
    /// <summary>The readings of a log whose characters are its bytes.</summary>
    public static IEnumerable<string> Readings(string log)
    {
        string withoutSequences = Sequence().Replace(log, "");
        string movesEndLines = Movement().Replace(log, "\n");
        yield return log;
        yield return Control().Replace(log, "");
        yield return withoutSequences;
        yield return Control().Replace(withoutSequences, "");
        yield return NotAscii().Replace(withoutSequences, "");
        yield return Sequence().Replace(movesEndLines, "");
        yield return Control().Replace(Sequence().Replace(movesEndLines, ""), "");
        yield return LineEnd().Replace(log, "\n");
        yield return LineEnd().Replace(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(withoutSequences)), "\n");
    }

    /// <summary>ECMA-48's sequences, which any control character ends.</summary>
    [GeneratedRegex(@"\e(?:[\[O][^\x00-\x1F@-~]*[@-~]?|[\]PX^_][^\x00-\x1F]*|[ -/][^\x00-\x1F]?|[^\x00-\x1F])?")]
    private static partial Regex Sequence();

    [GeneratedRegex(@"\e\[[^\x00-\x1F@-~]*[HfJ]")]
    private static partial Regex Movement();

    /// <summary>What some language or other takes for the end of a line.</summary>
    [GeneratedRegex(@"[\r\v\f\x1C-\x1E\u0085\u2028\u2029]")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"[\x00-\x09\x0B-\x1F\x7F]")]
    private static partial Regex Control();

    [GeneratedRegex(@"[\x00-\x09\x0B-\x1F\x7F-\xFF]")]
    private static partial Regex NotAscii();
}
