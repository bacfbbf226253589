using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;

namespace Gateway.Benchmarks;

/// <summary>
/// Few iterations and allocations counted: what an operation allocates is exact after one, and times are read as orders of magnitude.
/// </summary>
internal sealed class ShortRun : ManualConfig
{
    public ShortRun()
    {
        Add(DefaultConfig.Instance);
        AddJob(Job.ShortRun);
        AddDiagnoser(MemoryDiagnoser.Default);
    }
}
