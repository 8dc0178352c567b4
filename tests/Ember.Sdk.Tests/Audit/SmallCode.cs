using System.IO;
using Iced.Intel;

namespace Ember.Sdk.Tests.Audit;

/// <summary>The body of one function of a <see cref="SmallImage"/>, and the place in it that a test means.</summary>
/// <param name="rva">Where it lies.</param>
internal sealed class SmallCode(uint rva)
{
    private Label _mark;

    public Assembler C { get; } = new(64);

    /// <summary>The RVA of the next instruction is what the test expects to be told.</summary>
    public void Mark()
    {
        _mark = C.CreateLabel();
        C.Label(ref _mark);
    }

    /// <summary>Takes the address <paramref name="rva"/>, relative to the instruction.</summary>
    public void Lea(Register register, uint rva) => C.AddInstruction(Instruction.Create(Code.Lea_r64_m, register, At(rva)));

    /// <summary>Calls what the pointer at <paramref name="rva"/> says.</summary>
    public void CallThrough(uint rva) => C.AddInstruction(Instruction.Create(Code.Call_rm64, At(rva)));

    /// <summary>Stores EAX at <paramref name="rva"/>.</summary>
    public void Store(uint rva) => C.AddInstruction(Instruction.Create(Code.Mov_rm32_r32, At(rva), Register.EAX));

    /// <summary>Adds EAX to what lies at <paramref name="rva"/>, and reads it.</summary>
    public void ExchangeAdd(uint rva) => C.AddInstruction(Instruction.Create(Code.Xadd_rm32_r32, At(rva), Register.EAX));

    public (byte[] Bytes, uint? Mark) Assemble()
    {
        using MemoryStream bytes = new();
        AssemblerResult result = C.Assemble(new StreamCodeWriter(bytes), rva, BlockEncoderOptions.ReturnNewInstructionOffsets);
        return (bytes.ToArray(), _mark.IsEmpty ? null : (uint)result.GetLabelRIP(_mark));
    }

    private static MemoryOperand At(uint rva) => new(Register.RIP, rva);
}
