using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;
using Gateway.Routing.Strategies;

namespace Gateway.Benchmarks;

/// <summary>One choice among few and many targets.</summary>
public class StrategyBenchmarks
{
    private ChooseOperation _choose = null!;

    /// <summary>The strategies.</summary>
    public static IEnumerable<string> Names => TargetStrategies.All.Select(s => s.Key);

    [ParamsSource(nameof(Names))]
    public string Strategy { get; set; } = "";

    [Params(4, 16)]
    public int Targets { get; set; }

    [GlobalSetup]
    public void Setup() => _choose = new ChooseOperation(Strategy, Targets);

    [Benchmark]
    public int Choose() => _choose.Run();
}
