using System.Collections.Generic;
using Ember.Formats.Plans;
using Ember.Formats.Tests.Plans;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Models;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="Plan"/>, as it is, with a right digest, and laid out as its counts say: accepted is exactly what the
/// model accepts, and all of it can be looked at.</summary>
internal sealed class PlanTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "plan";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } = [PlanBytes.Good()];

    /// <inheritdoc/>
    public override IEnumerable<StructurePlace> Places(byte[] input)
    {
        yield return new StructurePlace(typeof(PlanHeader), 0);
        if (input.Length < PlanHeader.Size)
        {
            yield break;
        }

        int at = PlanHeader.Size;
        for (uint i = Text.Number(input, 48); i > 0 && at < input.Length; i--, at += PlanPayload.Size)
        {
            yield return new StructurePlace(typeof(PlanPayload), at);
        }

        for (uint i = Text.Number(input, 56); i > 0 && at < input.Length; i--, at += PlanMachine.Size)
        {
            yield return new StructurePlace(typeof(PlanMachine), at);
        }

        for (uint i = Text.Number(input, 128); i > 0 && at < input.Length; i--, at += PlanModule.Size)
        {
            yield return new StructurePlace(typeof(PlanModule), at);
        }
    }

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Check(input, memory);
        Check(PlanBytes.Digested([.. input]), memory);
        if (input.Length >= PlanHeader.Size)
        {
            Check(PlanBytes.Digested(LaidOut(input)), memory);
        }
    }

    /// <summary>The plan with the places of its tables and its text as its counts would have them, as numbers of 32 bits.</summary>
    private static byte[] LaidOut(byte[] input)
    {
        byte[] plan = [.. input];
        uint machines = PlanHeader.Size + (Text.Number(plan, 48) * PlanPayload.Size);
        uint modules = machines + (Text.Number(plan, 56) * PlanMachine.Size);
        uint text = modules + (Text.Number(plan, 128) * PlanModule.Size);
        PlanBytes.UInt32(plan, 12, (uint)plan.Length);
        PlanBytes.UInt32(plan, 60, machines);
        PlanBytes.UInt32(plan, 132, modules);
        PlanBytes.UInt32(plan, 64, text);
        PlanBytes.UInt32(plan, 68, (uint)plan.Length - text);
        return plan;
    }

    private static void Check(byte[] bytes, GuardedMemory memory)
    {
        bool isPlan = PlanModel.IsPlan(bytes);
        PlanStatus status = Plan.TryRead(memory.Place(bytes), out Plan plan);
        Require(status == PlanStatus.Good == isPlan, $"{status}, and the model {(isPlan ? "accepts" : "refuses")}");
        if (!isPlan)
        {
            return;
        }

        for (int i = 0; i < (int)plan.Header.PayloadCount; i++)
        {
            Require(!Plan.NameOf(in plan.Payload(i)).IsEmpty, $"payload {i} has no name");
        }

        for (int i = 0; i < (int)plan.Header.MachineCount; i++)
        {
            ref readonly PlanMachine machine = ref plan.Machine(i);
            Require(plan.CommandLine(in machine).Length == (int)machine.CommandLineLength, $"machine {i} has another command line");
            for (uint module = 0; module < machine.ModuleCount; module++)
            {
                ref readonly PlanModule file = ref plan.Module((int)(machine.FirstModule + module));
                Require(plan.TextOf(in file).Length == (int)file.TextLength, $"module {module} has another text");
            }
        }
    }
}
