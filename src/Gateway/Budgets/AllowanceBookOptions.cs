namespace Gateway.Budgets;

/// <summary>How leases are taken and kept.</summary>
internal sealed record AllowanceBookOptions
{
    /// <summary>This replica's id: the ledger's, the same after a restart.</summary>
    public required string Replica { get; init; }

    /// <summary>How long a lease may be used without word from the store. Also how long what a dead replica held can be missing.</summary>
    public TimeSpan LeaseLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much earlier than its expiry a lease is no longer used, for clocks that differ.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many seconds' use a lease should last.</summary>
    public TimeSpan LeaseSpan { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often what was used is reported at most.</summary>
    public TimeSpan ReportEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long without use a lease is given back.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often the book looks after its leases and for what others want.</summary>
    public TimeSpan TickEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a request waits for what others hold, and for the store.</summary>
    public TimeSpan WaitForOthers { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it is believed that a limit is used up before the store is asked again.</summary>
    public TimeSpan ExhaustedFor { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the store is left alone after it could not be reached.</summary>
    public TimeSpan StoreRest { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a write that met a conflict is tried.</summary>
    public int Tries { get; init; } = 12;

    /// <summary>After how long without use a limit is forgotten.</summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many limits are remembered before those that are not in use are forgotten early.</summary>
    public int MaxLimits { get; init; } = 50_000;
}
