namespace Gateway.Budgets;

/// <summary>What there is to do about a lease.</summary>
internal readonly record struct LeaseUpkeep
{
    /// <summary>Whether it was used lately.</summary>
    public required bool Active { get; init; }

    /// <summary>Leased and not reserved.</summary>
    public required long Free { get; init; }

    /// <summary>Reserved and not settled.</summary>
    public required long Reserved { get; init; }

    /// <summary>Whether the store does not know yet what was used or given up.</summary>
    public required bool Unreported { get; init; }

    /// <summary>Whether it may run dry soon.</summary>
    public required bool Low { get; init; }

    /// <summary>Whether it should be prolonged.</summary>
    public required bool Expiring { get; init; }

    /// <summary>Milliseconds since the store was last written.</summary>
    public required long SinceExchangeMs { get; init; }

    /// <summary>When something was last reserved, in milliseconds since 1970.</summary>
    public required long LastUseMs { get; init; }
}
