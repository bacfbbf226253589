namespace Gateway.Admission;

/// <summary>A request that waits for its turn.</summary>
internal sealed class FairWaiter
{
    private readonly TaskCompletionSource<bool> _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FairWaiter(FairTenant tenant)
    {
        Tenant = tenant;
        Place = new LinkedListNode<FairWaiter>(this);
    }

    /// <summary>Whose it is.</summary>
    public FairTenant Tenant { get; }

    /// <summary>Its place in the tenant's line; in none once the wait has ended.</summary>
    public LinkedListNode<FairWaiter> Place { get; }

    /// <summary>True: it may run, and must <see cref="FairQueue.Leave"/>. False: it had to make room.</summary>
    public Task<bool> Turn => _turn.Task;

    /// <summary>Ends the wait.</summary>
    public void End(bool mayRun) => _turn.TrySetResult(mayRun);
}
