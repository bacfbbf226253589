namespace Gateway.Admission.Directory;

/// <summary>What customers, teams, users and keys have in common. As written in gateway.json and in the admin API; compiled into <see cref="VirtualKey"/>.</summary>
internal abstract record Entity
{
    /// <summary>Unique among its kind: 1 to 64 of <c>a-z A-Z 0-9 - _ .</c>, beginning with a letter or digit.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name for people; null: the id.</summary>
    public string? Name { get; init; }

    /// <summary>Whether everything under it is refused.</summary>
    public bool Disabled { get; init; }

    /// <summary>Globs over route names and <c>provider/model</c> addresses; null: whatever the level above allows. What all levels allow is allowed.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Globs over provider ids; null: whatever the level above allows.</summary>
    public IReadOnlyList<string>? Providers { get; init; }

    /// <summary>Where its requests may be served, in the words of providers; null: wherever the level above allows. What all levels allow is allowed.</summary>
    public IReadOnlyList<string>? Residency { get; init; }

    /// <summary>For how long providers may keep what they are sent, likewise; null: what the level above allows.</summary>
    public IReadOnlyList<string>? Retention { get; init; }

    /// <summary>Budgets of this level.</summary>
    public IReadOnlyList<BudgetEntry> Budgets { get; init; } = [];

    /// <summary>Rate limits of this level.</summary>
    public IReadOnlyList<RateLimitEntry> RateLimits { get; init; } = [];

    /// <summary>Requests in flight at once over all replicas; null: no limit.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>Bytes of request bodies in flight at once over all replicas; null: no limit.</summary>
    public long? MaxBytesInFlight { get; init; }

    /// <summary>Free texts, recorded and shown; at most 32 of at most 256 characters.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
