using BenchmarkDotNet.Attributes;
using Gateway.Benchmarks.Operations;
using Gateway.Metering;

namespace Gateway.Benchmarks;

/// <summary>Recording replies, one after the other and 32 at once.</summary>
public class LedgerBenchmarks
{
    private const int AtOnce = 32;

    private readonly LedgerAppendOperation _ledger = new();
    private readonly Task[] _appends = new Task[AtOnce];

    /// <summary>When entries are forced to the disk.</summary>
    [Params(false, true)]
    public bool FsyncAlways { get; set; }

    [GlobalSetup]
    public Task OpenAsync() => _ledger.OpenAsync(FsyncAlways ? FsyncMode.Always : FsyncMode.Interval);

    [Benchmark]
    public async Task AppendOne() => await _ledger.RunAsync();

    [Benchmark(OperationsPerInvoke = AtOnce)]
    public Task AppendAtOnce()
    {
        for (var i = 0; i < AtOnce; i++)
            _appends[i] = _ledger.RunAsync().AsTask();
        return Task.WhenAll(_appends);
    }

    [GlobalCleanup]
    public async Task CloseAsync() => await _ledger.DisposeAsync();
}
