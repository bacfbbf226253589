namespace Gateway.Budgets;

/// <summary>What a replica knows of itself when it writes a limit's value, and what it asks for.</summary>
internal readonly record struct LeaseClaim
{
    /// <summary>Reserved and not yet settled.</summary>
    public required long Outstanding { get; init; }

    /// <summary>Leased and not reserved: what it would like to keep.</summary>
    public required long Free { get; init; }

    /// <summary>What it needs free at once for everyone who waits.</summary>
    public long Needed { get; init; }

    /// <summary>What it needs free at once for at least one who waits, ≤ <see cref="Needed"/>.</summary>
    public long Least { get; init; }

    /// <summary>What it would like to have free for the next seconds.</summary>
    public long Wish { get; init; }
}
