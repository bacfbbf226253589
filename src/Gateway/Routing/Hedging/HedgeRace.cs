namespace Gateway.Routing.Hedging;

/// <summary>Two attempts at one reply: the first to have content for the client wins. Safe for both at once.</summary>
/// <param name="clientGone">Cancelled when the client leaves.</param>
internal sealed class HedgeRace(CancellationToken clientGone)
{
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HedgeRunner? _winner;
    private HedgeRunner? _voice;

    /// <summary>Completes when one has won.</summary>
    public Task Decided => _decided.Task;

    /// <summary>Who has won, or null.</summary>
    public HedgeRunner? Winner => Volatile.Read(ref _winner);

    /// <summary>Who tells the client that its reply is on its way while nobody has won; the first to enter, until that changes.</summary>
    public HedgeRunner? Voice { get => Volatile.Read(ref _voice); set => Volatile.Write(ref _voice, value); }

    /// <summary>Held by whoever writes to the client.</summary>
    public SemaphoreSlim Writing { get; } = new(1, 1);

    /// <summary>Adds a runner.</summary>
    public HedgeRunner Enter()
    {
        var runner = new HedgeRunner(this, clientGone);
        Voice ??= runner;
        return runner;
    }

    /// <summary>Makes a runner the winner unless there is one.</summary>
    /// <returns>Whether it has won.</returns>
    public bool TryWin(HedgeRunner runner)
    {
        if ((Interlocked.CompareExchange(ref _winner, runner, null) ?? runner) != runner)
            return false;
        _decided.TrySetResult();
        return true;
    }
}
