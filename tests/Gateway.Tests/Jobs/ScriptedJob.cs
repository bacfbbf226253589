using System.Threading.Channels;
using Gateway.Jobs;

namespace Gateway.Tests.Jobs;

/// <summary>A job that tells when it runs and ends when it is told to.</summary>
internal sealed class ScriptedJob : IJob
{
    private readonly Channel<JobContext> _begun = Channel.CreateUnbounded<JobContext>();

    public string Name { get; init; } = "scripted";

    public JobSchedule Schedule { get; init; } = new JobSchedule.Cron("*/10 * * * *");

    public JobScope Scope { get; init; }

    /// <summary>What a run waits for and then does.</summary>
    public Func<CancellationToken, Task> Work { get; set; } = _ => Task.CompletedTask;

    public int Runs;

    /// <summary>The next run that begins.</summary>
    public Task<JobContext> NextAsync() => _begun.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>A run that has begun and not been seen; null: none.</summary>
    public JobContext? TryNext() => _begun.Reader.TryRead(out var context) ? context : null;

    public async Task<JobReport> RunAsync(JobContext context, CancellationToken cancellation)
    {
        Interlocked.Increment(ref Runs);
        _begun.Writer.TryWrite(context);
        await Work(cancellation);
        return new JobReport(new Dictionary<string, long> { ["things"] = 3 }, TimeSpan.FromSeconds(5));
    }
}
