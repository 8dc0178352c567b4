using System;
using System.CommandLine;
using Ember.Benchmarks;
using Ember.Benchmarks.Boot;
using Ember.Benchmarks.Coverage;
using Ember.Benchmarks.Exits;
using Ember.Benchmarks.Footprint;
using Ember.Benchmarks.Hashing;
using Ember.Benchmarks.Images;
using Ember.Sdk;

RootCommand root = new("Measures Ember and what it is compared with.")
{
    BenchmarkCommand.Create("exits", "Counts the instructions of an exit.", ExitBenchmark.RunAsync),
    BenchmarkCommand.Create(
        "boot", "Times the way to a guest's user space, beside Linux, KVM and QEMU.", BootBenchmark.RunAsync),
    BenchmarkCommand.Create("image", "Times writing an image.", ImageBenchmark.RunAsync),
    BenchmarkCommand.Create(
        "assembly", "Times signing and writing a key, beside sbsign, genimage and mtools.", AssemblyBenchmark.RunAsync),
    BenchmarkCommand.Create("footprint", "Times the footprint and the audit of the reference image.", FootprintBenchmark.RunAsync),
    BenchmarkCommand.Create("hash", "Times SHA-256 as the loader computes it, beside .NET.", HashBenchmark.RunAsync),
    BenchmarkCommand.Create("coverage", "Fuzzes the device models and says which of their lines that reaches.", FuzzCoverage.RunAsync),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (EmberException e)
{
    Console.Error.WriteLine($"ember: error: {e.Message}");
    return e.ExitCode;
}
