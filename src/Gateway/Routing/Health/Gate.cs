namespace Gateway.Routing.Health;

/// <summary>
/// So many calls at once and no more: of a target, by a limit that adapts unless the operator set one; or of all targets of a provider, where the operator did.
/// While there is room entering and leaving are an interlocked operation each; who may wait for a place gets one in the order of coming.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="adaptive">The limit where none is set; null: none.</param>
internal sealed class Gate(TimeProvider time, AdaptiveLimit? adaptive)
{
    /// <summary>Calls that may wait at once; further ones are told at once that there is no place.</summary>
    public const int MostWaiting = 512;

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _line = [];
    private int _inFlight;
    private int _waiting;
    private int _fixed;

    /// <summary>Calls under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Calls that wait for a place.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The limit the operator set, &gt; 0; null: none.</summary>
    public int? Fixed
    {
        get => Volatile.Read(ref _fixed) is > 0 and var limit ? limit : null;
        set
        {
            Volatile.Write(ref _fixed, value ?? 0);
            Admit();
        }
    }

    /// <summary>The limit that holds; null: none.</summary>
    public int? Limit => Fixed ?? adaptive?.Current;

    /// <summary>Whether nobody could enter now.</summary>
    public bool IsFull => Waiting > 0 || InFlight >= Limit;

    /// <summary>Enters unless it is full, or somebody waits. Who entered must <see cref="Leave"/>.</summary>
    public bool TryEnter() => Waiting == 0 && TryTake();

    /// <summary>Enters when there is a place, in the order of coming.</summary>
    /// <param name="longest">How long to wait for one.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False: there was none in time, or too many wait. True: it must <see cref="Leave"/>.</returns>
    public async ValueTask<bool> EnterAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (TryEnter())
            return true;
        var place = new LinkedListNode<TaskCompletionSource>(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_line.Count >= MostWaiting)
                return false;
            _line.AddLast(place);
            Volatile.Write(ref _waiting, _line.Count);
        }

        Admit(); // whoever left meanwhile did not see that somebody waits
        try
        {
            await place.Value.Task.WaitAsync(longest, time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is null)
                    return true; // its turn has just come
                _line.Remove(place);
                Volatile.Write(ref _waiting, _line.Count);
            }

            return false;
        }
    }

    /// <summary>A call is over.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _inFlight);
        if (Waiting > 0)
            Admit();
    }

    private void Admit()
    {
        lock (_gate)
        {
            while (_line.First is { } first && TryTake())
            {
                _line.RemoveFirst();
                first.Value.SetResult();
            }

            Volatile.Write(ref _waiting, _line.Count);
        }
    }

    private bool TryTake()
    {
        for (var now = Volatile.Read(ref _inFlight); ;)
        {
            if (now >= Limit)
                return false;
            var before = Interlocked.CompareExchange(ref _inFlight, now + 1, now);
            if (before == now)
                return true;
            now = before;
        }
    }
}
