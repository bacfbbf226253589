namespace Gateway.Metering;

/// <summary>Which entries to show. Every filter that is set must hold.</summary>
internal sealed record LedgerQuery
{
    /// <summary>The most entries a page may have.</summary>
    public const int MaxLimit = 1_000;

    private readonly int _limit = 100;

    /// <summary>Requests that arrived at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Requests that arrived before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The virtual key's id.</summary>
    public string? KeyId { get; init; }

    /// <summary>The customer's id.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The team's id.</summary>
    public string? TeamId { get; init; }

    /// <summary>The user's id.</summary>
    public string? UserId { get; init; }

    /// <summary>The provider's id.</summary>
    public string? Provider { get; init; }

    /// <summary>The model as the client wrote it.</summary>
    public string? Model { get; init; }

    /// <summary>How the reply ended.</summary>
    public LedgerOutcome? Outcome { get; init; }

    /// <summary>The named route.</summary>
    public string? Route { get; init; }

    /// <summary>The arm of an experiment.</summary>
    public string? Arm { get; init; }

    /// <summary>The request's id.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where the last page ended: its <see cref="LedgerPage.NextCursor"/>. Null begins with the newest.</summary>
    public string? Cursor { get; init; }

    /// <summary>Entries per page, 1 to <see cref="MaxLimit"/>. Default 100.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Limit
    {
        get => _limit;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxLimit);
            _limit = value;
        }
    }
}
