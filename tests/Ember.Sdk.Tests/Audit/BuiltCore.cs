using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Audit;

/// <summary>The core, compiled if it is not up to date.</summary>
public sealed class BuiltCore : IAsyncLifetime
{
    internal PeImage Image { get; private set; } = null!;

    internal byte[] Bytes { get; private set; } = [];

    internal IReadOnlyList<Symbol> Symbols { get; private set; } = [];

    public async Task InitializeAsync()
    {
        CoreFiles core = await CoreBuild.RunAsync(Repository.Containing(AppContext.BaseDirectory), HostSystem.Current);
        Image = PeImage.Read(core.Efi);
        Bytes = [.. Image.Bytes];
        Symbols = CoreSymbols.Read(SymbolFiles.Beside(Image)).All;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
