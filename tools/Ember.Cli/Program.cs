using System;
using System.IO;
using Ember.Cli;
using Ember.Cli.Commands;
using Ember.Sdk.Hosts;

CliHost host = new(HostSystem.Current, Console.Out, Console.Error, Directory.GetCurrentDirectory())
{
    IsTerminal = !Console.IsOutputRedirected && !Console.IsErrorRedirected,
    RepositoryFolder = AppContext.BaseDirectory,
};
return await EmberCommand.RunAsync(args, host);
