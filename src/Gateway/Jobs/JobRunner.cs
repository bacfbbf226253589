using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.State;
using Microsoft.Extensions.Logging;

namespace Gateway.Jobs;

/// <summary>Runs jobs, each on one replica at a time, and writes down how it went: a log line, a span, and a value in the state store.</summary>
internal sealed partial class JobRunner(IStateStore store, TimeProvider time, ILogger<JobRunner> logger, JobRunnerOptions options) : IDisposable
{
    private const string Failed = "failed";
    private const string Stopped = "It was stopped.";

    private readonly ActivitySource _traces = new("Gateway");
    private readonly ConcurrentDictionary<string, long> _totals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);
    private readonly string _holder = $"{options.Replica}.{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>Runs a job unless somebody else does.</summary>
    /// <param name="job">The job.</param>
    /// <param name="onlyIfDue">Whether its schedule counts: then it is not run twice for the same time, whoever asks.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="IOException">The store did not answer before the run. Afterwards that is only logged.</exception>
    public async Task<JobAttempt> TryRunAsync(IJob job, bool onlyIfDue, CancellationToken cancellation)
    {
        if (!_running.TryAdd(job.Name, 0))
            return new(null, time.GetUtcNow() + options.LeaseLife);
        try
        {
            var key = KeyOf(job);
            var (lease, next) = await AcquireAsync(job, key, onlyIfDue, cancellation).ConfigureAwait(false);
            if (lease is null)
                return new(null, next);
            // When this fails the lease is still this process's, to be taken up at the next try.
            var previous = await store.ReadAsync(LastOf(key), JobsJson.Default.JobRun, cancellation).ConfigureAwait(false);
            var run = await RunAsync(job, key, lease, previous, cancellation).ConfigureAwait(false);
            await EndAsync(key, lease, run).ConfigureAwait(false);
            return new(run, job.Schedule.Next(time.GetUtcNow()));
        }
        finally
        {
            _running.TryRemove(job.Name, out _);
        }
    }

    /// <summary>Runs that failed in this process.</summary>
    public long Failures => _totals.GetValueOrDefault(Failed);

    /// <summary>What the runs in this process counted together.</summary>
    public long TotalOf(string job, string count) => _totals.GetValueOrDefault($"{job}.{count}");

    /// <summary>How a job's last run went; null: it has not run.</summary>
    public ValueTask<JobRun?> LastAsync(IJob job, CancellationToken cancellation) =>
        store.ReadAsync(LastOf(KeyOf(job)), JobsJson.Default.JobRun, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _traces.Dispose();

    private string KeyOf(IJob job) =>
        job.Scope == JobScope.Replica ? StateKeys.Join("job", job.Name, options.Replica) : StateKeys.Join("job", job.Name);

    private static string LastOf(string key) => key + ":last";

    private async Task<(JobLease? Lease, DateTimeOffset Next)> AcquireAsync(IJob job, string key, bool onlyIfDue, CancellationToken cancellation)
    {
        var (now, next, taken) = (time.GetUtcNow(), default(DateTimeOffset), false);
        var lease = await store.ChangeAsync(
            key, JobsJson.Default.JobLease,
            before =>
            {
                (now, taken) = (time.GetUtcNow(), false);
                if (before is null && onlyIfDue)
                {
                    // First heard of: it runs when its time comes, not with every new deployment at once.
                    next = job.Schedule.Next(now);
                    return new JobLease { Started = now, Done = true };
                }

                if (before is { Done: false } && before.Expires > now && before.Holder != _holder)
                {
                    next = before.Expires;
                    return null;
                }

                if (onlyIfDue && before is { Done: true } && (next = job.Schedule.Next(before.Started)) > now)
                    return null;
                taken = true;
                return new JobLease { Holder = _holder, Fence = (before?.Fence ?? 0) + 1, Started = now, Expires = now + options.LeaseLife };
            },
            cancellation).ConfigureAwait(false);
        return taken ? (lease, next) : (null, next);
    }

    private async Task<JobRun> RunAsync(IJob job, string key, JobLease lease, JobRun? previous, CancellationToken cancellation)
    {
        using var span = _traces.StartActivity($"job {job.Name}", ActivityKind.Internal);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var ended = new CancellationTokenSource();
        var keeping = KeepAsync(job.Name, key, lease, lost, ended.Token);
        var began = time.GetTimestamp();
        var run = new JobRun { Started = lease.Started, Replica = options.Replica, Fence = lease.Fence };
        try
        {
            var report = await job.RunAsync(new JobContext(lease.Started, lease.Fence, previous), lost.Token).ConfigureAwait(false);
            run = run with { Counts = new(report.Counts), LagSeconds = report.Lag.TotalSeconds };
            var counts = string.Join(", ", report.Counts.Select(count => $"{count.Key}={count.Value}"));
            var (milliseconds, lag) = (Elapsed(began), report.Lag.TotalSeconds);
            LogDone(job.Name, milliseconds, lag, counts);
        }
#pragma warning disable CA1031 // A job that fails is run again at its next time; it must not end the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            run = run with { Error = lost.IsCancellationRequested ? Stopped : e.Message };
            span?.SetStatus(ActivityStatusCode.Error, run.Error);
            LogFailed(job.Name, e);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await keeping.ConfigureAwait(false);
        }

        run = run with { DurationMs = Elapsed(began) };
        if (run.Error is not null)
            _totals.AddOrUpdate(Failed, 1, static (_, sum) => sum + 1);
        foreach (var (name, count) in run.Counts)
        {
            _totals.AddOrUpdate($"{job.Name}.{name}", count, (_, sum) => sum + count);
            span?.SetTag("gateway.job." + name, count);
        }

        return run;
    }

    /// <summary>Prolongs the lease while the job runs; when it can't be, the job is stopped before somebody else may begin.</summary>
    private async Task KeepAsync(string name, string key, JobLease lease, CancellationTokenSource lost, CancellationToken ended)
    {
        var expires = lease.Expires;
        while (true)
        {
            await Task.Delay(options.LeaseLife / 3, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
                return;
            try
            {
                var until = time.GetUtcNow() + options.LeaseLife;
                var kept = await store.ChangeAsync(
                    key, JobsJson.Default.JobLease, now => IsMine(now, lease) ? now! with { Expires = until } : null, ended).ConfigureAwait(false);
                expires = kept is null ? DateTimeOffset.UnixEpoch : until;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                LogNotKept(name, e.Message);
            }

            if (time.GetUtcNow() >= expires - (options.LeaseLife / 3))
            {
                LogLost(name);
                await lost.CancelAsync().ConfigureAwait(false);
                return;
            }
        }
    }

    private async Task EndAsync(string key, JobLease lease, JobRun run)
    {
        try
        {
            await store.ChangeAsync(
                LastOf(key), JobsJson.Default.JobRun, last => last?.Fence > run.Fence ? null : run, CancellationToken.None).ConfigureAwait(false);
            // What was stopped may be run by somebody else at once.
            await store.ChangeAsync(
                key, JobsJson.Default.JobLease,
                now => !IsMine(now, lease) ? null : run.Error == Stopped ? now! with { Expires = time.GetUtcNow() } : now! with { Done = true },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // The lease runs out by itself, and the job is run again.
            LogNotEnded(key, e.Message);
        }
    }

    private static bool IsMine(JobLease? now, JobLease lease) => now is { Done: false } && now.Fence == lease.Fence && now.Holder == lease.Holder;

    private long Elapsed(long began) => (long)time.GetElapsedTime(began).TotalMilliseconds;

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Job} ran for {Milliseconds} ms, lag {LagSeconds} s: {Counts}")]
    private partial void LogDone(string job, long milliseconds, double lagSeconds, string counts);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Job} failed")]
    private partial void LogFailed(string job, Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease of job {Job} could not be prolonged: {Reason}")]
    private partial void LogNotKept(string job, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} is stopped: its lease is lost")]
    private partial void LogLost(string job);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of {Job} could not be written down: {Reason}")]
    private partial void LogNotEnded(string job, string reason);
}
