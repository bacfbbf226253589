using Chaos.Processes;

namespace Chaos.Faults;

/// <summary>Does harm, of a kind and at a time that a seed decides. Every kind comes once before any comes again.</summary>
internal sealed class FaultDriver(Cluster cluster, int seed)
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMilliseconds(800);

    // Who was just started settles what its earlier life held within a second.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    private readonly Random _random = new(seed);
    private readonly List<Task> _disturbing = [];
    private readonly Queue<FaultKind> _next = new();
    private Task _moving = Task.CompletedTask;
    private int _down;

    /// <summary>Replicas that were killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Times that a sidecar was stopped.</summary>
    public int Pauses { get; private set; }

    /// <summary>Times that the clock was brought to a window's end.</summary>
    public int Jumps { get; private set; }

    /// <summary>Does harm until told to stop, then makes good what can be: every replica runs and no fault is left.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await DoAsync(Next(), stop);
                await Task.Delay(_random.Next(150, 700), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Enough.
        }

        await Task.WhenAll(_disturbing);
        await _moving;
        foreach (var sidecar in cluster.Sidecars)
            await sidecar.ClearAsync();
    }

    private void Disturb(Task task)
    {
        _disturbing.RemoveAll(earlier => earlier.IsCompletedSuccessfully);
        _disturbing.Add(task);
    }

    private FaultKind Next()
    {
        if (_next.Count == 0)
        {
            var kinds = Enum.GetValues<FaultKind>().Append(FaultKind.Kill).Append(FaultKind.Conflict).ToArray();
            _random.Shuffle(kinds);
            foreach (var kind in kinds)
                _next.Enqueue(kind);
        }

        return _next.Dequeue();
    }

    private async Task DoAsync(FaultKind kind, CancellationToken stop)
    {
        var sidecar = cluster.Sidecars[_random.Next(cluster.Sidecars.Count)];
        var replica = cluster.Replicas[_random.Next(cluster.Replicas.Count)];
        switch (kind)
        {
            case FaultKind.Kill:
                // One survives, where there is more than one.
                if (_moving.IsCompleted && replica.IsUp && _down < Math.Max(1, cluster.Replicas.Count - 1))
                    Disturb(KillAsync(replica, _random.Next(0, 500)));
                break;
            case FaultKind.Pause:
                if (_moving.IsCompleted)
                    Disturb(PauseAsync(sidecar, _random.Next(100, 2_500)));
                break;
            case FaultKind.Conflict:
                await sidecar.SetAsync($"conflict?count={_random.Next(1, 30)}");
                break;
            case FaultKind.LostAnswer:
                await sidecar.SetAsync($"lostanswer?count={_random.Next(1, 10)}");
                break;
            case FaultKind.Drop:
                await sidecar.SetAsync($"drop?count={_random.Next(1, 5)}");
                break;
            case FaultKind.Duplicate:
                await cluster.Sidecars[0].SetAsync($"duplicate?count={_random.Next(1, 6)}");
                break;
            case FaultKind.Slow:
                Disturb(SlowAsync(sidecar, _random.Next(5, 300), _random.Next(300, 1_500)));
                break;
            default:
                if (_moving.IsCompleted)
                    _moving = MoveAsync(TimeSpan.FromMilliseconds(_random.Next(50, 1_500)), stop);
                break;
        }
    }

    // Nobody dies or hangs meanwhile: who is away for seconds would be away for a quarter of an hour, and be taken for gone. And not at one blow, so that
    // leases of who lives are prolonged on the way. The end of the window itself comes at the usual pace, with everything that may happen then.
    private async Task MoveAsync(TimeSpan beforeHour, CancellationToken stop)
    {
        await Task.WhenAll(_disturbing);
        await Task.Delay(Settling, CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            var way = cluster.Clock.Until(beforeHour);
            cluster.Clock.MoveBy(way < Step ? way : Step);
            if (way < Step)
            {
                Jumps++;
                return;
            }

            await Task.Delay(BetweenSteps, CancellationToken.None);
        }
    }

    private async Task KillAsync(Replica replica, int pauseMs)
    {
        Kills++;
        Interlocked.Increment(ref _down);
        await replica.KillAsync();
        await Task.Delay(pauseMs);
        await replica.StartAsync();
        Interlocked.Decrement(ref _down);
    }

    private async Task PauseAsync(SidecarNode sidecar, int ms)
    {
        Pauses++;
        sidecar.Pause();
        await Task.Delay(ms);
        sidecar.Resume();
    }

    private static async Task SlowAsync(SidecarNode sidecar, int delayMs, int ms)
    {
        await sidecar.SetAsync($"delay?ms={delayMs}");
        await Task.Delay(ms);
        await sidecar.SetAsync("delay?ms=0");
    }
}
