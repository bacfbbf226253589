using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;

namespace Gateway.Benchmarks;

/// <summary>What the relay lane does to bodies.</summary>
public class RelayBenchmarks
{
    private readonly SpliceOperation _splice1K = new(1_024);
    private readonly SpliceOperation _splice64K = new(65_536);
    private readonly SpliceOperation _splice1M = new(1 << 20);
    private readonly ReplyReadOperation _reply1K = new(1_024);
    private readonly ReplyReadOperation _reply64K = new(65_536);
    private readonly StreamScanOperation _stream = new(20);

    [Benchmark]
    public Task Splice1K() => _splice1K.RunAsync();

    [Benchmark]
    public Task Splice64K() => _splice64K.RunAsync();

    [Benchmark]
    public Task Splice1M() => _splice1M.RunAsync();

    [Benchmark]
    public bool ReadReply1K() => _reply1K.Run();

    [Benchmark]
    public bool ReadReply64K() => _reply64K.Run();

    [Benchmark]
    public int ScanStreamOf20Events() => _stream.Run();
}
