using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Symbols;
using Ember.Sdk.Validation;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>Takes what a running core held from the log of its serial port.</summary>
public static class RunTimeLog
{
    private const string Owner = "running core";
    private const long LongestLog = 64 << 20;

    /// <summary>
    /// The memory that the core last said to hold, as pieces of the run-time column: everything besides its image, which has a column of
    /// its own, and guests' RAM, which is theirs.
    /// </summary>
    /// <exception cref="EmberException">The log cannot be read, or the core does not say it there (exit code 2).</exception>
    public static IReadOnlyList<Piece> Read(string path)
    {
        RunTimeMemory? memory = null;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LongestLog })
            {
                throw new EmberException(ErrorKind.Input, $"{path}: too long for the log of a run: more than 64 MiB");
            }

            foreach (string line in File.ReadLines(path))
            {
                memory = RunTimeMemory.TryParse(line.TrimEnd(), out RunTimeMemory? read) ? read : memory;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }

        return memory is null
            ? throw new EmberException(
                ErrorKind.Input, $"{path}: the core does not say '{CoreLines.Prefix}memory: …' in it; give the serial log of a whole start")
            : Pieces(memory);
    }

    private static Piece[] Pieces(RunTimeMemory memory) =>
    [
        .. new (string Name, long Bytes)[]
        {
            ("plan and memory map", memory.Files),
            ("payloads", memory.Payloads),
            ("stacks", memory.Stacks),
            ("page tables in use", memory.PageTablesUsed),
            ("page tables kept", memory.PageTables - memory.PageTablesUsed),
            ("virtualization", memory.Virtualization),
            ("state of virtual machines", memory.Machines),
        }
        .Where(part => part.Bytes != 0)
        .Select(part => new Piece(
            PieceKind.RunTime, new SourceMember(Owner, "", "", part.Name), new Sizes(0, 0, 0, part.Bytes), null)),
    ];
}
