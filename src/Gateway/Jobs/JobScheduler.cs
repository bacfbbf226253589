using Microsoft.Extensions.Logging;

namespace Gateway.Jobs;

/// <summary>Runs the jobs of a catalogue at their times, in this process. Any number of replicas may do so at once.</summary>
internal sealed partial class JobScheduler(JobCatalogue catalogue, JobRunner runner, TimeProvider time, ILogger<JobScheduler> logger) : IAsyncDisposable
{
    /// <summary>How long the store is left alone after it did not answer.</summary>
    private static readonly TimeSpan StoreRest = TimeSpan.FromSeconds(10);

    /// <summary>Timers take no longer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;
    private bool _stopped;

    /// <summary>Begins.</summary>
    public void Start() => _loops = Task.WhenAll(catalogue.All.Select(LoopAsync));

    /// <summary>Stops what runs and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, true))
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task LoopAsync(IJob job)
    {
        // The start belongs to requests.
        var next = time.GetUtcNow() + TimeSpan.FromSeconds(1);
        while (!_stopping.IsCancellationRequested)
        {
            var wait = next - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_stopping.IsCancellationRequested)
                    return;
                if (wait > LongestWait)
                    continue;
            }

            next = await TryAsync(job).ConfigureAwait(false);
        }
    }

    private async Task<DateTimeOffset> TryAsync(IJob job)
    {
        try
        {
            return (await runner.TryRunAsync(job, onlyIfDue: true, _stopping.Token).ConfigureAwait(false)).Next;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return DateTimeOffset.MaxValue;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            LogAway(job.Name, e.Message);
            return time.GetUtcNow() + StoreRest;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Job} could not be begun: {Reason}")]
    private partial void LogAway(string job, string reason);
}
