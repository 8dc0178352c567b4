using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Formats;
using Ember.Sdk;
using Ember.Stubs.Tests.Assembly;

namespace Ember.Benchmarks.Hashing;

/// <summary>How fast the ways to SHA-256 are on this processor: the loader's two, and .NET's.</summary>
internal static class HashBenchmark
{
    private const int Runs = 10;
    private const int Length = 16 << 20;

    /// <summary>Hashes the same bytes in every way, by turns.</summary>
    public static Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        byte[] content = new byte[Length];
        for (int i = 0; i < content.Length; i++)
        {
            content[i] = (byte)(i * 37);
        }

        using StubSha256? stub = StubSha256.IsSupported ? new StubSha256() : null;
        List<(string Name, Func<byte[], byte[]> Hash)> ways = [("loader, portable", Portable), (".NET", SHA256.HashData)];
        if (stub is not null)
        {
            ways.Insert(0, ("loader, SHA-NI", bytes => stub.Hash(bytes, 0)));
        }

        double[][] rates = [.. Enumerable.Range(0, Runs).Select(_ => ways.Select(way => Rate(way.Hash, content)).ToArray())];
        List<object?[]> rows = [];
        for (int i = 0; i < ways.Count; i++)
        {
            Samples samples = new(rates.Select(run => run[i]));
            rows.Add([ways[i].Name, samples.Minimum, samples.Median, samples.Maximum]);
        }

        return Task.FromResult(new BenchmarkReport(
            "SHA-256, MB/s", ["with", "least", "median", "greatest"], rows, [$"{Runs} runs over {Length:N0} bytes each, by turns."]));
    }

    private static byte[] Portable(byte[] content)
    {
        byte[] digest = new byte[Sha256.DigestLength];
        Sha256.Hash(content, digest);
        return digest;
    }

    private static double Rate(Func<byte[], byte[]> hash, byte[] content)
    {
        long start = TimeProvider.System.GetTimestamp();
        byte[] digest = hash(content);
        double microseconds = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        return digest.AsSpan().SequenceEqual(SHA256.HashData(content))
            ? Length / microseconds
            : throw new EmberException(ErrorKind.Checked, "a way to SHA-256 has come to a wrong digest");
    }
}
