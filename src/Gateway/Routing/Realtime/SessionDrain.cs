namespace Gateway.Routing.Realtime;

/// <summary>Tells the sessions of this process that it is about to stop.</summary>
internal sealed class SessionDrain : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Cancelled when sessions should end.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Ends sessions: those in the middle of a response when that is done.</summary>
    public void Begin() => _source.Cancel();

    public void Dispose() => _source.Dispose();
}
