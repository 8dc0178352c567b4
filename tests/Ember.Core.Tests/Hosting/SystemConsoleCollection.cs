namespace Ember.Core.Tests.Hosting;

/// <summary>The console is one for the whole appliance: tests that write to it run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SystemConsoleCollection
{
    public const string Name = "system console";
}
