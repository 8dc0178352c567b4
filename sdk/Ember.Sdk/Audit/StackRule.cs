using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Rule 5: no stack overflows, and every function returns to where it was called from.</summary>
internal static class StackRule
{
    public static AuditRuleResult Check(AuditSubject subject)
    {
        List<AuditEvidence> evidence = [];
        List<AuditViolation> violations = [];
        Dictionary<CodeFunction, StackFrame> frames = subject.Code.Functions
            .ToDictionary(function => function, function => Tracker(subject, function).Track());
        foreach ((CodeFunction function, StackFrame frame) in frames)
        {
            violations.AddRange(frame.Flaws.Select(flaw => subject.At(flaw.Rva, flaw.What)));
            violations.AddRange(TailCalls(subject, function, frame));
        }

        int described = CheckUnwindInfo(subject, frames, violations);
        StackDepths depths = new(subject.Code, frames);
        violations.AddRange(depths.Recursion.Select(call => subject.At(
            call.Rva, $"recursion: calls {subject.Code.StartingAt(call.Target)?.Name}, which may still be running")));
        CheckEntries(subject, depths, evidence, violations);
        return AuditSubject.Result(
            5,
            "no stack overflows, every return goes to its caller",
            $"RSP followed through {frames.Count} functions: back where it was at every return, the same on all ways to a place; the "
            + $"unwind information says the same of {described}; no recursion; {frames.Values.Sum(frame => frame.UnknownStores)} stores to "
            + "arrays on the stack and all through other registers are assumed to stay within what they are meant for; "
            + string.Join(", ", evidence.Select(fact => fact.Detail.Split(':')[0])),
            evidence,
            violations);
    }

    private static StackTracker Tracker(AuditSubject subject, CodeFunction function)
    {
        InterruptEntries? interrupts = subject.Policy.Interrupts;
        bool switches = subject.Policy.Entries.Any(entry => entry.SwitchesStack && subject.Code.Find(entry.Function) == function);
        return interrupts is null
            ? new StackTracker(function, _ => 0, endsInterrupt: false, switches)
            : new StackTracker(
                function,
                entry => EntryDepth(interrupts, function, entry) ?? 0,
                endsInterrupt: EntryDepth(interrupts, function, function.Symbol.Rva) is not null,
                switches);
    }

    /// <summary>Bytes above the processor's frame when a part of an interrupt's entry is entered; null for another function.</summary>
    private static int? EntryDepth(InterruptEntries interrupts, CodeFunction function, uint entry)
    {
        if (function.Symbol.Name == interrupts.Table.Function)
        {
            int vector = (int)(entry - function.Symbol.Rva) / interrupts.Table.Stride;
            return interrupts.ErrorCodeVectors.Contains(vector) ? sizeof(ulong) : 0;
        }

        return interrupts.Parts.TryGetValue(function.Symbol.Name, out int depth) ? depth : null;
    }

    /// <summary>Who jumps to another function leaves the stack as that one is entered.</summary>
    private static IEnumerable<AuditViolation> TailCalls(AuditSubject subject, CodeFunction function, StackFrame frame)
    {
        foreach (CodeCall call in function.Calls)
        {
            CodeFunction? target = subject.Code.StartingAt(call.Target);
            int? part = target is null || subject.Policy.Interrupts is not { } interrupts ? null
                : EntryDepth(interrupts, target, target.Symbol.Rva);
            int depth = frame.Depths[function.IndexOf(call.Rva)];
            bool jumps = call.Kind is CodeCallKind.TailCall or CodeCallKind.TailCallThroughConstant;
            if (jumps && depth >= 0 && depth != (part ?? 0))
            {
                yield return subject.At(call.Rva, $"jumps to {target?.Name} with {depth} bytes on the stack, not {part ?? 0}");
            }
            else if (!jumps && part is not null)
            {
                yield return subject.At(call.Rva, $"calls {target?.Name}, which ends an interrupt");
            }
        }
    }

    private static void CheckEntries(
        AuditSubject subject, StackDepths depths, List<AuditEvidence> evidence, List<AuditViolation> violations)
    {
        CodeFunction? dispatch = subject.Code.Find(subject.Policy.Dispatch);
        InterruptEntries? interrupts = subject.Policy.Interrupts;
        CodeFunction? entries = interrupts is null ? null : subject.Code.Find(interrupts.Table.Function);
        foreach (AuditEntry entry in subject.Policy.Entries)
        {
            if (subject.Code.Find(entry.Function) is not { } root)
            {
                continue;
            }

            Dictionary<CodeFunction, long> needs = depths.Needs((dispatch, entry.FirmwareBytes));
            long own = entry.SwitchesStack ? depths.NeedOnNewStack(root, needs) : needs[root] + sizeof(ulong);
            long interrupted = entry.TakesInterrupts && entries is not null
                ? InterruptEntries.AlignmentBytes + InterruptEntries.FrameBytes + needs[entries]
                : 0;
            string way = Text(depths.DeepestWay(root, needs, entry.SwitchesStack));
            string interrupt = interrupted == 0 ? "" : $", {interrupted} of them for an interrupt that comes at the deepest place";
            Compare(subject, root, entry.Stack, own + interrupted, entry.StackBytes, $"{interrupt}; {way}", evidence, violations);
        }

        if (interrupts is not null && entries is not null)
        {
            Dictionary<CodeFunction, long> needs = depths.Needs((dispatch, 0));
            string way = Text(depths.DeepestWay(entries, needs, onNewStack: false));
            foreach (string stack in interrupts.Stacks)
            {
                long need = InterruptEntries.FrameBytes + needs[entries];
                Compare(subject, entries, stack, need, interrupts.StackBytes, $"; {way}", evidence, violations);
            }
        }
    }

    private static string Text(IEnumerable<CodeFunction> way) =>
        string.Join(" > ", way.Select(function => function.Symbol.Source.ShortName));

    private static void Compare(
        AuditSubject subject,
        CodeFunction root,
        string stack,
        long need,
        uint room,
        string how,
        List<AuditEvidence> evidence,
        List<AuditViolation> violations)
    {
        evidence.Add(new AuditEvidence(root.Name, $"{stack} {need} of {room} bytes: {room - need} left{how}"));
        if (need > room)
        {
            violations.Add(subject.At(root.Symbol.Rva, $"{stack} may need {need} bytes and has {room}"));
        }
    }

    /// <summary>Compares every compiled function's frame with what the compiler wrote down about it.</summary>
    /// <returns>How many functions are described.</returns>
    private static int CheckUnwindInfo(
        AuditSubject subject, Dictionary<CodeFunction, StackFrame> frames, List<AuditViolation> violations)
    {
        Dictionary<uint, RuntimeFunction> rows = [];
        foreach (RuntimeFunction row in subject.Image.RuntimeFunctions)
        {
            if (subject.Code.StartingAt(row.Begin) is not { } function || row.End != function.Symbol.End || !rows.TryAdd(row.Begin, row))
            {
                violations.Add(subject.At(row.Begin, "unwind information that is not about one whole function"));
            }
        }

        foreach ((CodeFunction function, StackFrame frame) in frames.Where(pair => pair.Key.Symbol.Kind == SymbolKind.Method))
        {
            if (rows.TryGetValue(function.Symbol.Rva, out RuntimeFunction row))
            {
                violations.AddRange(Differences(subject, function, frame, row));
            }
            else if (frame.Deepest != 0 || function.Calls.Any(call => call.Kind is CodeCallKind.Call or CodeCallKind.CallThroughConstant))
            {
                violations.Add(subject.At(function.Symbol.Rva, "uses the stack, but has no unwind information"));
            }
        }

        return rows.Count;
    }

    private static IEnumerable<AuditViolation> Differences(
        AuditSubject subject, CodeFunction function, StackFrame frame, RuntimeFunction row)
    {
        if (UnwindFrame.Read(subject.Image, row.UnwindInfo) is not { } unwind)
        {
            yield return subject.At(function.Symbol.Rva, "unwind information that is not of a fixed frame");
            yield break;
        }

        foreach ((uint offset, int depth, Register pushed) in unwind.Steps)
        {
            int next = function.IndexOf(function.Symbol.Rva + offset);
            Instruction step = next > 0 ? function.Instructions[next - 1] : default;
            bool isPush = step.Code == Code.Push_r64 && step.Op0Register == pushed;
            if (next <= 0 || frame.Depths[next] != depth || (pushed != Register.None && !isPush))
            {
                yield return subject.At(
                    function.Symbol.Rva + offset, $"unwind information says {depth} bytes on the stack here, the code says otherwise");
            }
        }

        int described = unwind.Steps.Count == 0 ? 0 : unwind.Steps[^1].Depth;
        if (described != frame.Deepest)
        {
            yield return subject.At(
                function.Symbol.Rva, $"unwind information says {described} bytes of stack, the code uses {frame.Deepest}");
        }
    }
}
