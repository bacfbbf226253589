using Gateway.Jobs;
using Gateway.Tests.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Jobs;

public sealed class JobRunnerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 23, 3, 5, 0, TimeSpan.Zero));
    private readonly MemoryStateStore _store;
    private readonly JobRunner _a;
    private readonly JobRunner _b;

    public JobRunnerTests()
    {
        _store = new MemoryStateStore(_time);
        (_a, _b) = (Runner("a"), Runner("b"));
    }

    [Fact]
    public async Task TryRunAsync_Due_RunsOnceAndWritesDownHowItWent()
    {
        var job = new ScriptedJob();
        var first = await _a.TryRunAsync(job, onlyIfDue: true, default);
        Assert.Null(first.Run); // first heard of: it waits for its time
        Assert.Equal(new(2026, 11, 23, 3, 10, 0, TimeSpan.Zero), first.Next);
        _time.Advance(TimeSpan.FromMinutes(5));
        var run = (await _a.TryRunAsync(job, onlyIfDue: true, default)).Run;
        Assert.Null((await _b.TryRunAsync(job, onlyIfDue: true, default)).Run);
        Assert.NotNull(run);
        Assert.Equal((3, 5.0, "a", null), (run.Counts["things"], run.LagSeconds, run.Replica, run.Error));
        Assert.Equivalent(run, await _b.LastAsync(job, default));
        Assert.Contains("job:scripted:last", _store.Keys);
        Assert.Equal(1, job.Runs);
        Assert.Equal(3, _a.TotalOf("scripted", "things"));
    }

    [Fact]
    public async Task TryRunAsync_BothAtOnce_OneRuns()
    {
        var release = new TaskCompletionSource();
        var job = new ScriptedJob { Work = _ => release.Task };
        await _a.TryRunAsync(job, onlyIfDue: true, default);
        for (var round = 0; round < 20; round++)
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            release = new TaskCompletionSource();
            var runs = new[] { Task.Run(() => _a.TryRunAsync(job, onlyIfDue: true, default)), Task.Run(() => _b.TryRunAsync(job, onlyIfDue: true, default)) };
            await job.NextAsync();
            Assert.Null((await Task.WhenAny(runs).Unwrap()).Run); // whoever is not running it is done first
            release.SetResult();
            await Task.WhenAll(runs);
            Assert.Equal(round + 1, job.Runs);
        }
    }

    [Fact]
    public async Task TryRunAsync_HolderIsGone_IsTakenOverWhenItsLeaseRunsOut()
    {
        var never = new TaskCompletionSource();
        var job = new ScriptedJob { Work = _ => never.Task };
        var other = new ScriptedJob();
        using var dying = Runner("c", new FakeTimeProvider(_time.GetUtcNow())); // its clock stands still, so that it never renews
        var lost = dying.TryRunAsync(job, onlyIfDue: false, default);
        var fence = (await job.NextAsync()).Fence;
        Assert.Null((await _b.TryRunAsync(other, onlyIfDue: false, default)).Run);
        _time.Advance(TimeSpan.FromSeconds(130));
        var run = (await _b.TryRunAsync(other, onlyIfDue: true, default)).Run;
        Assert.NotNull(run);
        Assert.True(run.Fence > fence);
        never.SetResult();
        await lost;
        Assert.Equal("b", (await _b.LastAsync(job, default))!.Replica); // the older run does not overwrite it
    }

    [Fact]
    public async Task TryRunAsync_LongRun_KeepsItsLease()
    {
        var release = new TaskCompletionSource();
        var job = new ScriptedJob { Work = token => release.Task.WaitAsync(token) };
        var running = _a.TryRunAsync(job, onlyIfDue: false, default);
        await job.NextAsync();
        for (var i = 0; i < 10; i++)
        {
            var written = new TaskCompletionSource();
            _store.Written = _ => written.TrySetResult();
            _time.Advance(TimeSpan.FromSeconds(40));
            await written.Task.WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Null((await _b.TryRunAsync(new ScriptedJob(), onlyIfDue: false, default)).Run);
        }

        release.SetResult();
        Assert.Null((await running).Run!.Error);
    }

    [Fact]
    public async Task TryRunAsync_LeaseLost_StopsTheRun()
    {
        var job = new ScriptedJob { Work = token => Task.Delay(Timeout.Infinite, token) };
        var running = _a.TryRunAsync(job, onlyIfDue: false, default);
        await job.NextAsync();
        _store.Poke("job:scripted", null);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.NotNull((await running.WaitAsync(TimeSpan.FromSeconds(60))).Run!.Error);
    }

    [Fact]
    public async Task TryRunAsync_JobFails_SaysSoAndRunsAtTheNextTime()
    {
        var job = new ScriptedJob { Work = _ => throw new InvalidOperationException("it broke") };
        var attempt = await _a.TryRunAsync(job, onlyIfDue: false, default);
        Assert.Equal("it broke", attempt.Run!.Error);
        Assert.Equal(new(2026, 11, 23, 3, 10, 0, TimeSpan.Zero), attempt.Next);
        Assert.Equal(1, _a.Failures);
        Assert.Null((await _b.TryRunAsync(job, onlyIfDue: true, default)).Run);
    }

    [Fact]
    public async Task TryRunAsync_Stopped_IsLeftToOthers()
    {
        using var stop = new CancellationTokenSource();
        var job = new ScriptedJob { Work = token => Task.Delay(Timeout.Infinite, token) };
        var running = _a.TryRunAsync(job, onlyIfDue: false, stop.Token);
        await job.NextAsync();
        await stop.CancelAsync();
        await running;
        Assert.NotNull((await _b.TryRunAsync(new ScriptedJob(), onlyIfDue: true, default)).Run);
    }

    [Fact]
    public async Task TryRunAsync_JobOfEachReplica_RunsOnBoth()
    {
        var job = new ScriptedJob { Scope = JobScope.Replica };
        Assert.NotNull((await _a.TryRunAsync(job, onlyIfDue: false, default)).Run);
        Assert.NotNull((await _b.TryRunAsync(job, onlyIfDue: false, default)).Run);
        Assert.Equal(["job:scripted:a", "job:scripted:a:last", "job:scripted:b", "job:scripted:b:last"], _store.Keys);
    }

    [Theory]
    [InlineData(StateFault.Unavailable)]
    [InlineData(StateFault.LostAnswer)]
    public async Task TryRunAsync_FaultAtEachCall_RunsInTheEnd(StateFault fault)
    {
        for (var at = 0; at < 12; at++)
        {
            var job = new ScriptedJob { Name = $"job-{at}" };
            var call = 0;
            await _a.TryRunAsync(job, onlyIfDue: true, default);
            _time.Advance(TimeSpan.FromMinutes(10));
            _store.Faults = _ => call++ == at ? fault : StateFault.None;
            for (var i = 0; i < 4; i++)
            {
                try
                {
                    await _a.TryRunAsync(job, onlyIfDue: true, default);
                }
                catch (IOException)
                {
                    // Tried again.
                }
            }

            _store.Faults = null;
            Assert.InRange(job.Runs, 1, 2); // twice only when the end of the first could not be written down
        }
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
    }

    private JobRunner Runner(string replica, TimeProvider? time = null) => new(_store, time ?? _time, NullLogger<JobRunner>.Instance, new JobRunnerOptions { Replica = replica });
}
