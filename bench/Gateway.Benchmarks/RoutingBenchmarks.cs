using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;
using Gateway.Routing.Policies;

namespace Gateway.Benchmarks;

/// <summary>All that routing does for a request that is answered at once: the whole less the bare request is at most 3 µs.</summary>
public class RoutingBenchmarks
{
    private readonly RouteOperation _one = new("priority", 1);
    private readonly RouteOperation _four = new("lowest_latency", 4);
    private readonly RouteOperation _together = new("hash", 4, AffinityPolicy.Prompt);

    [Benchmark(Baseline = true)]
    public bool BareRequest() => _one.RunBare();

    [Benchmark]
    public bool OneTarget() => _one.Run();

    [Benchmark]
    public bool FourTargets() => _four.Run();

    [Benchmark]
    public bool FourTargetsByPrompt() => _together.Run();
}
