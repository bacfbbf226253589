using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;

namespace Gateway.Benchmarks;

/// <summary>What eight limits cost a request while their leases hold.</summary>
public class LimitBenchmarks
{
    private readonly ReserveOperation _reserve = new();

    [Benchmark]
    public bool ReserveAndSettle() => _reserve.Run();
}
