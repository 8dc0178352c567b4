using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.MachineCode;
using Iced.Intel;

namespace Ember.Sdk.Audit;

/// <summary>Rule 3: only what every x86-64 processor has, and no guest's vector registers lost.</summary>
internal static class VectorRule
{
    private static readonly HashSet<CpuidFeature> _baseline =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL286, CpuidFeature.INTEL386, CpuidFeature.INTEL486,
        CpuidFeature.X64, CpuidFeature.CMOV, CpuidFeature.CX8, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.PAUSE,
        CpuidFeature.MULTIBYTENOP,
    ];

    /// <summary>Moves of whole registers and ways to zero one: they neither read nor change MXCSR, which is not switched.</summary>
    private static readonly HashSet<Mnemonic> _moves =
    [
        Mnemonic.Movaps, Mnemonic.Movups, Mnemonic.Movapd, Mnemonic.Movupd, Mnemonic.Movdqa, Mnemonic.Movdqu, Mnemonic.Movq,
        Mnemonic.Movd, Mnemonic.Movss, Mnemonic.Movsd, Mnemonic.Xorps, Mnemonic.Xorpd, Mnemonic.Pxor,
    ];

    public static AuditRuleResult Check(AuditSubject subject)
    {
        List<AuditViolation> violations = [];
        foreach (CodeFunction function in subject.Code.Functions)
        {
            bool wide = subject.Policy.WideStubs.Contains(function.Name);
            violations.AddRange(function.Instructions
                .Where(instruction => !SystemInstructions.Contains(in instruction) && !IsBaseline(in instruction)
                    && !(wide && IsWideClear(in instruction)))
                .Select(instruction => subject.At(
                    (uint)instruction.IP, $"'{subject.Text(in instruction)}' is not plain x86-64 with SSE2")));
        }

        List<AuditEvidence> evidence = [];
        List<string> exitPaths = [];
        foreach (ExitPath exitPath in subject.Policy.ExitPaths)
        {
            if (subject.Code.Find(exitPath.Function) is { } root)
            {
                exitPaths.Add(CheckExitPath(subject, exitPath, root, evidence, violations));
            }
            else
            {
                violations.Add(subject.At(subject.Image.EntryPoint, $"the exit path's function {exitPath.Function} is missing"));
            }
        }

        return AuditSubject.Result(
            3,
            "no x87, MMX, AVX or later extension, and the guest's vector registers kept",
            $"every instruction is of x86-64 with SSE2, in the encoding without VEX"
            + (subject.Policy.WideStubs.Count == 0
                ? "; " : $", but for clearing memory by YMM0 in {string.Join(", ", subject.Policy.WideStubs)}; ")
            + (exitPaths.Count == 0 ? "no guests are run" : string.Join("; ", exitPaths)),
            evidence,
            violations);
    }

    /// <summary>Zeroes YMM0, or stores it past the caches. Both leave all of it zero: no upper half is left behind.</summary>
    private static bool IsWideClear(in Instruction instruction) => instruction.Code switch
    {
        Code.VEX_Vpxor_xmm_xmm_xmmm128 =>
            instruction is { Op0Register: Register.XMM0, Op1Register: Register.XMM0, Op2Register: Register.XMM0 },
        Code.VEX_Vmovntdq_m256_ymm => instruction.Op1Register == Register.YMM0,
        _ => false,
    };

    private static bool IsBaseline(in Instruction instruction)
    {
        // Iced counts FWAIT among the 8086's own.
        if (instruction.Encoding != EncodingKind.Legacy || instruction.Mnemonic == Mnemonic.Wait
            || instruction.CpuidFeatures.Any(feature => !_baseline.Contains(feature)))
        {
            return false;
        }

        for (int i = 0; i < instruction.OpCount; i++)
        {
            Register register = instruction.GetOpRegister(i);
            if (register.IsMM() || register.IsST())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An interrupt may come while a guest's exit is handled, so its handler counts as a part of that.</summary>
    private static string CheckExitPath(
        AuditSubject subject, ExitPath exitPath, CodeFunction root, List<AuditEvidence> evidence, List<AuditViolation> violations)
    {
        IEnumerable<CodeFunction> interrupts =
            subject.Policy.Tables.Select(table => subject.Code.Find(table.Function)).OfType<CodeFunction>();
        IReadOnlyList<CodeFunction> path = subject.Code.ReachableFrom([root, .. interrupts]);
        SortedSet<Register> overwritten = [];
        int users = 0;
        foreach (CodeFunction function in path.Where(function => !exitPath.WorldSwitches.Contains(function.Name)))
        {
            SortedSet<Register> used = [];
            foreach (Instruction instruction in function.Instructions)
            {
                Register[] vectors = [.. VectorsOf(instruction)];
                used.UnionWith(vectors);
                if (vectors.Any(register => register >= Register.XMM6))
                {
                    violations.Add(subject.At(
                        (uint)instruction.IP, $"'{subject.Text(in instruction)}' is on the exit path, where the register is the guest's"));
                }
                else if (vectors.Length != 0 && !_moves.Contains(instruction.Mnemonic))
                {
                    violations.Add(subject.At(
                        (uint)instruction.IP, $"'{subject.Text(in instruction)}' is on the exit path, where MXCSR is the guest's"));
                }
            }

            overwritten.UnionWith(used.Where(register => register < Register.XMM6));
            if (used.Count != 0)
            {
                users++;
                evidence.Add(new AuditEvidence(function.Name, $"moves by {string.Join(", ", used)}".ToLowerInvariant()));
            }
        }

        foreach (string worldSwitch in exitPath.WorldSwitches)
        {
            CheckWorldSwitch(subject, worldSwitch, overwritten, evidence, violations);
        }

        return $"{path.Count} functions on the exit path of {string.Join(" and ", exitPath.WorldSwitches)}, {users} use vector registers: for plain moves, and none but those that the "
            + "world switch saves and loads";
    }

    /// <summary>Every register the exit path overwrites: loaded last before the guest runs, and stored first behind, at one place.</summary>
    private static void CheckWorldSwitch(
        AuditSubject subject,
        string name,
        IEnumerable<Register> overwritten,
        List<AuditEvidence> evidence,
        List<AuditViolation> violations)
    {
        CodeFunction? worldSwitch = subject.Code.Find(name);
        Instruction[] code = worldSwitch is { Blocks.Count: 1 } ? [.. worldSwitch.Instructions] : [];
        int run = System.Array.FindIndex(
            code, instruction => instruction.Mnemonic is Mnemonic.Vmrun or Mnemonic.Vmlaunch or Mnemonic.Vmresume);
        if (worldSwitch is null || run < 0)
        {
            violations.Add(subject.At(
                worldSwitch?.Symbol.Rva ?? subject.Image.EntryPoint, $"{name} is no straight line into a guest and back"));
            return;
        }

        List<Register> kept = [];
        foreach (Register register in overwritten)
        {
            Instruction load = code[..run].LastOrDefault(instruction => VectorsOf(instruction).Contains(register));
            Instruction store = code[run..].FirstOrDefault(instruction => VectorsOf(instruction).Contains(register));
            if (load.Code == Code.Movaps_xmm_xmmm128 && load.Op0Register == register && load.Op1Kind == OpKind.Memory
                && store.Code == Code.Movaps_xmmm128_xmm && store.Op1Register == register && store.Op0Kind == OpKind.Memory
                && load.MemoryDisplacement64 == store.MemoryDisplacement64 && load.MemoryBase == store.MemoryBase)
            {
                kept.Add(register);
            }
            else
            {
                violations.Add(subject.At((uint)code[run].IP, $"{register} is overwritten on the exit path, but not switched here"));
            }
        }

        string names = string.Join(", ", kept).ToLowerInvariant();
        evidence.Add(new AuditEvidence(worldSwitch.Name, $"loads before the guest and stores behind it: {names}"));
    }

    private static IEnumerable<Register> VectorsOf(Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Register && instruction.GetOpRegister(i).IsVectorRegister())
            {
                yield return instruction.GetOpRegister(i);
            }
        }
    }
}
