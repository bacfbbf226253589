namespace TestSidecar.Faults;

/// <summary>What goes wrong next. Counts are used up by the calls they befall.</summary>
public sealed class FaultBoard
{
    private readonly int[] _left = new int[Enum.GetValues<Fault>().Length];
    private readonly int[] _happened = new int[Enum.GetValues<Fault>().Length];
    private readonly Lock _lock = new();
    private TaskCompletionSource? _pause;
    private long _delayMilliseconds;
    private long _calls;

    /// <summary>Calls of the runtime API so far.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    /// <summary>What each answer waits for at least.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromMilliseconds(Interlocked.Read(ref _delayMilliseconds));
        set => Interlocked.Exchange(ref _delayMilliseconds, (long)value.TotalMilliseconds);
    }

    /// <summary>Whether calls are held until <see cref="Resume"/>.</summary>
    public bool IsPaused
    {
        get
        {
            lock (_lock)
                return _pause is not null;
        }
    }

    /// <summary>The next <paramref name="count"/> calls that it can befall meet the fault.</summary>
    public void Set(Fault fault, int count) => Volatile.Write(ref _left[(int)fault], count);

    /// <summary>How often it is still to come.</summary>
    public int Left(Fault fault) => Math.Max(0, Volatile.Read(ref _left[(int)fault]));

    /// <summary>How often it has happened.</summary>
    public int Happened(Fault fault) => Volatile.Read(ref _happened[(int)fault]);

    /// <summary>Holds every call from now on, as a stopped process would.</summary>
    public void Pause()
    {
        lock (_lock)
            _pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Lets held calls go on.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            _pause?.SetResult();
            _pause = null;
        }
    }

    /// <summary>Ends every fault.</summary>
    public void Clear()
    {
        Resume();
        Delay = TimeSpan.Zero;
        foreach (var fault in Enum.GetValues<Fault>())
            Set(fault, 0);
    }

    /// <summary>Whether the fault befalls the caller; if so it is used up by one.</summary>
    internal bool Take(Fault fault)
    {
        ref var left = ref _left[(int)fault];
        while (Volatile.Read(ref left) is > 0 and var seen)
        {
            if (Interlocked.CompareExchange(ref left, seen - 1, seen) != seen)
                continue;
            Interlocked.Increment(ref _happened[(int)fault]);
            return true;
        }

        return false;
    }

    /// <summary>What every call meets first.</summary>
    internal async Task EnterAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _calls);
        Task? pause;
        lock (_lock)
            pause = _pause?.Task;
        if (pause is not null)
            await pause.WaitAsync(cancellation);
        if (Delay is { Ticks: > 0 } delay)
            await Task.Delay(delay, cancellation);
    }
}
