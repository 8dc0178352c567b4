using System.CommandLine;
using System.IO;
using Ember.Fuzz.Tests;
using Ember.Fuzz.Tests.Engine;

Argument<string> target = new("target") { Description = "What is fuzzed, or 'all'" };
Option<long> runs = new("--runs") { Description = "Executions of each target", DefaultValueFactory = _ => 100_000 };
Option<ulong> seed = new("--seed") { Description = "What the mutations follow from", DefaultValueFactory = _ => 1 };
Option<bool> merge = new("--merge") { Description = "Put the smallest inputs that reach all that was reached into the repository" };
Argument<FileInfo> input = new("input") { Description = "The file with an input that failed, or that a process left" };

Command instrument = new("instrument", "Has the readers beside this program count their branches.");
instrument.SetAction(_ => Instrumentation.Run());
Command repeat = new("repeat", "Runs one input.") { target, input };
repeat.SetAction(parsed => FuzzCommand.Repeat(parsed.GetRequiredValue(target), parsed.GetRequiredValue(input).FullName));
RootCommand root = new("Fuzzes what reads the key.") { target, runs, seed, merge, repeat, instrument };
root.SetAction(parsed => FuzzCommand.Run(
    parsed.GetRequiredValue(target), parsed.GetValue(runs), parsed.GetValue(seed), parsed.GetValue(merge)));
return root.Parse(args).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
