using Ember.Stubs.Coff;

namespace Ember.Stubs.Assembly;

/// <summary>Symbols ilc's code refers to when it calls out of or into managed code; there is no other world here, so they do nothing.</summary>
public static class RuntimeStubs
{
    private static readonly string[] _transitions = ["RhpReversePInvoke", "RhpReversePInvokeReturn", "RhpPInvoke", "RhpPInvokeReturn"];

    public static IEnumerable<CoffSection> All => [.. Transitions, AddressOf("EmberSymbolTable")];

    public static IEnumerable<CoffSection> ForLoader => [.. Transitions, AddressOf("EmberVendorKey")];

    private static IEnumerable<CoffSection> Transitions =>
        _transitions.Select(name => StubAssembler.Assemble(name, stub => stub.Code.ret()));

    private static CoffSection AddressOf(string symbol) => StubAssembler.Assemble(symbol + "Address", stub =>
    {
        stub.LoadAddressIntoRax(symbol);
        stub.Code.ret();
    });
}
