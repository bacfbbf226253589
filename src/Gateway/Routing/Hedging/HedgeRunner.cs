namespace Gateway.Routing.Hedging;

/// <summary>One attempt's part in a race.</summary>
internal sealed class HedgeRunner : IDisposable
{
    private readonly HedgeRace _race;
    private readonly CancellationTokenSource _stop;

    internal HedgeRunner(HedgeRace race, CancellationToken clientGone)
    {
        _race = race;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(clientGone);
        Token = _stop.Token;
    }

    /// <summary>Cancelled when the client leaves or another has won.</summary>
    public CancellationToken Token { get; }

    /// <summary>Held by whoever writes to the client.</summary>
    public SemaphoreSlim Writing => _race.Writing;

    /// <summary>Whether another has won.</summary>
    public bool IsOutrun => _race.Winner is { } winner && winner != this;

    /// <summary>Whether it may tell the client that its reply is on its way.</summary>
    public bool MaySpeak => (_race.Winner ?? _race.Voice) == this;

    /// <summary>There is content: the reply is this one's unless another was first.</summary>
    /// <returns>Whether it is.</returns>
    public bool TryWin() => _race.TryWin(this);

    /// <summary>Cuts it off.</summary>
    public Task StopAsync() => _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();
}
