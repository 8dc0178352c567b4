using Ember.Stubs.Coff;
using Iced.Intel;

namespace Ember.Stubs.Assembly;

/// <summary>Assembles one stub with Iced and keeps the places where it refers to other symbols.</summary>
public sealed class StubAssembler
{
    private readonly string _symbol;
    private readonly List<(Label Place, string Symbol)> _references = [];

    private StubAssembler(string symbol) => _symbol = symbol;

    /// <summary>The assembler to emit instructions with.</summary>
    public Assembler Code { get; } = new(64);

    /// <summary>Assembles what <paramref name="emit"/> emits into a section of its own that defines <paramref name="symbol"/>.</summary>
    public static CoffSection Assemble(string symbol, Action<StubAssembler> emit)
    {
        var stub = new StubAssembler(symbol);
        emit(stub);
        return stub.Finish();
    }

    /// <summary>Emits <c>call symbol</c>.</summary>
    public void Call(string symbol)
    {
        Code.db(0xE8);
        Reference(symbol);
    }

    /// <summary>Emits <c>jmp symbol</c>.</summary>
    public void Jump(string symbol)
    {
        Code.db(0xE9);
        Reference(symbol);
    }

    /// <summary>Emits <c>lea rax, [symbol]</c>.</summary>
    public void LoadAddressIntoRax(string symbol)
    {
        Code.db(0x48, 0x8D, 0x05);
        Reference(symbol);
    }

    /// <summary>Emits <c>lea r10, [symbol]</c>.</summary>
    public void LoadAddressIntoR10(string symbol)
    {
        Code.db(0x4C, 0x8D, 0x15);
        Reference(symbol);
    }

    private void Reference(string symbol)
    {
        Label place = Code.CreateLabel();
        Code.Label(ref place);
        Code.dd(0);
        _references.Add((place, symbol));
    }

    private CoffSection Finish()
    {
        using var stream = new MemoryStream();
        AssemblerResult result = Code.Assemble(new StreamCodeWriter(stream), rip: 0, BlockEncoderOptions.ReturnNewInstructionOffsets);
        List<CoffRelocation> relocations =
            [.. _references.Select(r => new CoffRelocation((int)result.GetLabelRIP(r.Place), r.Symbol))];
        return new CoffSection(SectionKind.Text, _symbol, stream.ToArray(), relocations);
    }
}
