using Gateway.Jobs;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Jobs;

public class JobSchedulerTests
{
    [Fact]
    public async Task Start_OneReplica_RunsAtItsTimes()
    {
        var time = new TimerWatch();
        time.SetUtcNow(new(2026, 11, 23, 3, 5, 0, TimeSpan.Zero));
        var job = new ScriptedJob();
        var store = new MemoryStateStore(time);
        using var runner = new JobRunner(store, time, NullLogger<JobRunner>.Instance, new JobRunnerOptions { Replica = "a" });
        await using var scheduler = new JobScheduler(new JobCatalogue([job]), runner, time, NullLogger<JobScheduler>.Instance);
        scheduler.Start();
        await time.PassNextWaitAsync(); // the start
        await time.PassNextWaitAsync(); // until ten past
        Assert.Equal(new(2026, 11, 23, 3, 10, 0, TimeSpan.Zero), (await job.NextAsync()).Now);
        var times = new List<DateTimeOffset>();
        while (times.Count < 3)
        {
            await PassAsync(time, store);
            while (job.TryNext() is { } next)
                times.Add(next.Now);
        }

        Assert.All(times, at => Assert.True(at > new DateTimeOffset(2026, 11, 23, 3, 10, 0, TimeSpan.Zero)));
        Assert.Equal(times.Count, times.Select(at => at.Ticks / TimeSpan.FromMinutes(10).Ticks).Distinct().Count());
    }

    [Fact]
    public async Task Start_TwoReplicas_EachTimeIsRunOnce()
    {
        var time = new TimerWatch();
        time.SetUtcNow(new(2026, 11, 23, 3, 5, 0, TimeSpan.Zero));
        var store = new MemoryStateStore(time);
        var job = new ScriptedJob();
        using var a = new JobRunner(store, time, NullLogger<JobRunner>.Instance, new JobRunnerOptions { Replica = "a" });
        using var b = new JobRunner(store, time, NullLogger<JobRunner>.Instance, new JobRunnerOptions { Replica = "b" });
        await using var one = new JobScheduler(new JobCatalogue([job]), a, time, NullLogger<JobScheduler>.Instance);
        await using var other = new JobScheduler(new JobCatalogue([job]), b, time, NullLogger<JobScheduler>.Instance);
        one.Start();
        other.Start();
        var times = new List<DateTimeOffset>();
        while (times.Count < 6)
        {
            await PassAsync(time, store);
            while (job.TryNext() is { } next)
                times.Add(next.Now);
        }

        Assert.Equal(times.Count, times.Select(at => at.Ticks / TimeSpan.FromMinutes(10).Ticks).Distinct().Count());
    }

    [Fact]
    public async Task Start_StoreAway_TriesAgain()
    {
        var time = new TimerWatch();
        var store = new MemoryStateStore(time) { Unavailable = true };
        using var runner = new JobRunner(store, time, NullLogger<JobRunner>.Instance, new JobRunnerOptions { Replica = "a" });
        var job = new ScriptedJob();
        await using var scheduler = new JobScheduler(new JobCatalogue([job]), runner, time, NullLogger<JobScheduler>.Instance);
        scheduler.Start();
        await time.PassNextWaitAsync();
        Assert.Equal(TimeSpan.FromSeconds(10), await time.PassNextWaitAsync());
        store.Unavailable = false;
        while (job.TryNext() is null)
            await time.PassNextWaitAsync();
    }

    /// <summary>Lets time pass, but not while a job runs: a clock that jumps over a lease makes its holder look dead.</summary>
    private static async Task PassAsync(TimerWatch time, MemoryStateStore store)
    {
        await time.PassNextWaitAsync();
        var writes = System.Threading.Channels.Channel.CreateUnbounded<string>();
        store.Written = key => writes.Writer.TryWrite(key);
        while (StateValues.Parse(store.Peek("job:scripted"), JobsJson.Default.JobLease) is { Done: false })
            await writes.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }
}
