using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;

namespace Gateway.Benchmarks;

/// <summary>What the translate lane does between an OpenAI client and an Anthropic provider.</summary>
public class TranslateBenchmarks
{
    private const int Events = 20;

    private readonly TranslateOperation _operation = new();

    [Benchmark]
    public int Request1K() => _operation.Run(TranslateOperation.Part.Request);

    [Benchmark]
    public int Reply1K() => _operation.Run(TranslateOperation.Part.Reply);

    /// <summary>Per event of a stream of 20.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public int StreamedEvent() => _operation.Run(TranslateOperation.Part.Stream);
}
