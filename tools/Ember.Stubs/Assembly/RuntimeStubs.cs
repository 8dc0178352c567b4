using Ember.Stubs.Coff;

namespace Ember.Stubs.Assembly;

/// <summary>Symbols ilc's code refers to when it calls out of or into managed code; there is no other world here, so they do nothing.</summary>
public static class RuntimeStubs
{
    private static readonly string[] _transitions = ["RhpReversePInvoke", "RhpReversePInvokeReturn", "RhpPInvoke", "RhpPInvokeReturn"];

    public static IEnumerable<CoffSection> All =>
    [
        .. _transitions.Select(name => StubAssembler.Assemble(name, stub => stub.Code.ret())),
        StubAssembler.Assemble("EmberSymbolTableAddress", stub =>
        {
            stub.LoadAddressIntoRax("EmberSymbolTable");
            stub.Code.ret();
        }),
    ];
}
