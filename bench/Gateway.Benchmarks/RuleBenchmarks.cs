using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;

namespace Gateway.Benchmarks;

/// <summary>What rules cost a request of 1 KB that none of them matches.</summary>
public class RuleBenchmarks
{
    private readonly RuleOperation _rules = new(100);

    /// <summary>All of it: the body looked through, then every condition.</summary>
    [Benchmark]
    public bool Decide100() => _rules.Run();

    /// <summary>The part of it that looking through the body is.</summary>
    [Benchmark]
    public int ScanBody1K() => _rules.Scan();
}
