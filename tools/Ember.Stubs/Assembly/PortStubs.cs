using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>Port input and output. Microsoft x64: first argument in RCX, second in RDX, result in RAX.</summary>
public static class PortStubs
{
    public static IEnumerable<CoffSection> All =>
    [
        Input("EmberIn8", c => { c.@in(al, dx); c.movzx(eax, al); }),
        Input("EmberIn16", c => { c.@in(ax, dx); c.movzx(eax, ax); }),
        Input("EmberIn32", c => c.@in(eax, dx)),
        Output("EmberOut8", c => c.@out(dx, al)),
        Output("EmberOut16", c => c.@out(dx, ax)),
        Output("EmberOut32", c => c.@out(dx, eax)),
    ];

    private static CoffSection Input(string symbol, Action<Assembler> read) => StubAssembler.Assemble(symbol, stub =>
    {
        stub.Code.mov(edx, ecx);
        read(stub.Code);
        stub.Code.ret();
    });

    private static CoffSection Output(string symbol, Action<Assembler> write) => StubAssembler.Assemble(symbol, stub =>
    {
        stub.Code.mov(eax, edx);
        stub.Code.mov(edx, ecx);
        write(stub.Code);
        stub.Code.ret();
    });
}
