using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Part of rule 2: code that the image holds as data is, instruction by instruction, what the policy lists.</summary>
internal static class CopiedCodeCheck
{
    public static void Run(AuditSubject subject, List<AuditEvidence> evidence, List<AuditViolation> violations)
    {
        foreach (CopiedCode code in subject.Policy.CopiedCode)
        {
            Symbol? symbol = subject.Symbols.FirstOrDefault(symbol => symbol.Name == code.Data);
            PeSection? section = symbol is null ? null : subject.Image.SectionAt(symbol.Rva);
            if (symbol is null || section is null || section.IsWritable || symbol.Length < code.Parts[^1].End)
            {
                violations.Add(new AuditViolation(symbol?.Rva ?? 0, code.Data, "is missing, too short, or can be written to"));
                continue;
            }

            byte[] bytes = subject.Image.At(symbol.Rva, symbol.Length).ToArray();
            foreach (CopiedCodePart part in code.Parts)
            {
                string[] found = [.. Decode(subject, bytes, part)];
                if (!found.SequenceEqual(part.Instructions))
                {
                    violations.Add(new AuditViolation(
                        symbol.Rva + (uint)part.Offset, code.Data, $"is not what may be copied, but '{string.Join("; ", found)}'"));
                }
            }

            evidence.Add(new AuditEvidence(
                code.Data, $"data, copied to be executed: {code.Parts.Sum(part => part.Instructions.Count)} instructions, all that may be"));
        }
    }

    private static IEnumerable<string> Decode(AuditSubject subject, byte[] bytes, CopiedCodePart part)
    {
        var decoder = Decoder.Create(part.Bits, new ByteArrayCodeReader(bytes, part.Offset, part.End - part.Offset), (ulong)part.Offset);
        int last = part.End;
        while (last > part.Offset && bytes[last - 1] == 0xCC)
        {
            last--;
        }

        while (decoder.IP < (ulong)last)
        {
            Instruction instruction = decoder.Decode();
            yield return subject.Text(in instruction);
        }
    }
}
