using Gateway.Budgets;

namespace Gateway.Admission.Directory;

/// <summary>Compiles the limits of an entity. What they say has been checked before.</summary>
internal static class LimitCompiler
{
    /// <summary>Name of the limit that <see cref="Entity.MaxParallel"/> makes.</summary>
    public const string MaxParallel = "maxParallel";

    /// <summary>Name of the limit that <see cref="Entity.MaxBytesInFlight"/> makes.</summary>
    public const string MaxBytesInFlight = "maxBytesInFlight";

    /// <summary>The largest budget in dollars: what fits into nano-dollars, rounded down.</summary>
    public const long MostUsd = 9_000_000_000;

    private const decimal NanosPerUsd = 1_000_000_000m;

    /// <summary>Every limit of a directory.</summary>
    /// <exception cref="InvalidDataException">A limit says what this gateway does not know.</exception>
    public static IEnumerable<LimitSpec> Compile(DirectorySnapshot directory) => directory.Entities.Values.SelectMany(record => Compile(record.Kind, record.Value));

    /// <summary>Every limit of the entity: budgets, rate limits, then what may be held at once.</summary>
    /// <exception cref="InvalidDataException">A limit says what this gateway does not know.</exception>
    public static IReadOnlyList<LimitSpec> Compile(EntityKind kind, Entity entity)
    {
        var limits = new List<LimitSpec>(entity.Budgets.Count + entity.RateLimits.Count);
        foreach (var budget in entity.Budgets)
            limits.Add(Budget(kind, entity.Id, budget));
        foreach (var rate in entity.RateLimits)
            limits.Add(Rate(kind, entity.Id, rate));
        if (entity.MaxParallel is { } parallel)
            limits.Add(Held(kind, entity.Id, MaxParallel, LimitUnit.Requests, parallel));
        if (entity.MaxBytesInFlight is { } bytes)
            limits.Add(Held(kind, entity.Id, MaxBytesInFlight, LimitUnit.Bytes, bytes));
        return limits;
    }

    private static LimitSpec Budget(EntityKind kind, string owner, BudgetEntry entry)
    {
        var unit = Unit(entry.Unit);
        return new LimitSpec
        {
            Id = IdOf(kind, owner, entry.Name),
            Name = entry.Name,
            Scope = ScopeOf(kind),
            OwnerId = owner,
            Kind = LimitKind.Budget,
            Unit = unit,
            Amount = checked((long)(unit == LimitUnit.NanoUsd ? entry.Amount * NanosPerUsd : entry.Amount)),
            Window = (LimitWindow.Budget(entry.Window) ?? throw Unknown(entry.Name)) with { Rolling = entry.Rolling, TimeZone = TimeZoneInfo.TryFindSystemTimeZoneById(entry.TimeZone, out var zone) ? zone : throw Unknown(entry.Name) },
            Models = entry.Models,
            Providers = entry.Providers,
            WhenExceeded = entry.WhenExceeded == "clamp" ? ExceededPolicy.Clamp : ExceededPolicy.Refuse,
            WhenUnavailable = entry.WhenUnavailable == "allow" ? UnavailablePolicy.Allow : UnavailablePolicy.Refuse,
            AlertAt = entry.AlertAt,
        };
    }

    private static LimitSpec Rate(EntityKind kind, string owner, RateLimitEntry entry) => new()
    {
        Id = IdOf(kind, owner, entry.Name),
        Name = entry.Name,
        Scope = ScopeOf(kind),
        OwnerId = owner,
        Kind = LimitKind.Rate,
        Unit = Unit(entry.Unit),
        Amount = entry.Amount,
        Window = LimitWindow.Rate(entry.Window) ?? throw Unknown(entry.Name),
        Models = entry.Models,
        Providers = entry.Providers,
        WhenUnavailable = entry.WhenUnavailable == "refuse" ? UnavailablePolicy.Refuse : UnavailablePolicy.Allow,
    };

    private static LimitSpec Held(EntityKind kind, string owner, string name, LimitUnit unit, long amount) => new()
    {
        Id = IdOf(kind, owner, name),
        Name = name,
        Scope = ScopeOf(kind),
        OwnerId = owner,
        Kind = LimitKind.Held,
        Unit = unit,
        Amount = amount,
        WhenUnavailable = UnavailablePolicy.Allow,
    };

    private static InvalidDataException Unknown(string name) => new($"The window or the time zone of the limit \"{name}\" is not known here.");

    // Neither ids nor names hold a colon.
    private static string IdOf(EntityKind kind, string owner, string name) => $"{EntityKinds.Word(kind)}:{owner}:{name}";

    private static LimitScope ScopeOf(EntityKind kind) => kind switch
    {
        EntityKind.Customer => LimitScope.Customer,
        EntityKind.Team => LimitScope.Team,
        EntityKind.User => LimitScope.User,
        _ => LimitScope.Key,
    };

    private static LimitUnit Unit(string unit) => unit switch
    {
        "tokens" => LimitUnit.Tokens,
        "requests" => LimitUnit.Requests,
        _ => LimitUnit.NanoUsd,
    };
}
