using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;

namespace Gateway.Benchmarks;

/// <summary>Finding the caller.</summary>
public class KeyLookupBenchmarks
{
    private readonly KeyLookupOperation _first = new(10_000, sameConnection: false);
    private readonly KeyLookupOperation _again = new(10_000, sameConnection: true);

    [Benchmark]
    public bool FirstOnConnection() => _first.Run();

    [Benchmark]
    public bool AgainOnConnection() => _again.Run();
}
