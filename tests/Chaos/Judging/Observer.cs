using Chaos.Processes;

namespace Chaos.Judging;

/// <summary>Looks at every limit in the store all the time: used + held ≤ amount at every moment.</summary>
internal sealed class Observer(StatePeek peek, Clock clock, Verdict verdict) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Values looked at.</summary>
    public long Looks { get; private set; }

    /// <summary>The most of a limit that was ever taken, in thousandths of its amount.</summary>
    public long FullestPerMille { get; private set; }

    /// <summary>Windows of the first budget that were seen.</summary>
    public HashSet<DateTimeOffset> Windows { get; } = [];

    /// <summary>Begins.</summary>
    public void Start() => _running = RunAsync();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            foreach (var limit in Hierarchy.Tight)
            {
                var now = clock.Now;
                await LookAsync(limit, limit.StartOf(now));
                if (!limit.Rolling)
                    await LookAsync(limit, limit.StartOf(now - limit.Window));
            }

            Windows.Add(Hierarchy.Tight[0].StartOf(clock.Now));
            await Task.Delay(Pause);
        }
    }

    private async Task LookAsync(TestedLimit limit, DateTimeOffset start)
    {
        byte[]? value;
        try
        {
            value = await peek.GetAsync(limit.KeyOf(start));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return; // the store is stopped: nobody writes either
        }

        // The time is taken after the value, for what has left a rolling window by then had not when the value was written.
        if (StoredLimit.Read(value) is not { } stored)
            return;
        Looks++;
        var now = clock.Now;
        var (used, held) = (stored.Used(limit, now), stored.Held);
        FullestPerMille = Math.Max(FullestPerMille, (used + held) * 1000 / limit.Amount);
        if (used + held > limit.Amount)
            verdict.Break("overspent", $"{limit.Id} from {start:u}: {used} used + {held} held > {limit.Amount}, seen at {now:u}");
    }
}
