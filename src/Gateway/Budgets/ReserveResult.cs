namespace Gateway.Budgets;

/// <summary>Whether a request got what it may need, and if not, which limit stands against it.</summary>
internal readonly record struct ReserveResult
{
    /// <summary>What it holds; null when it was refused.</summary>
    public Reservation? Reservation { get; private init; }

    /// <summary>Why it was refused.</summary>
    public ReserveFailure Failure { get; private init; }

    /// <summary>The limit that stands against it; null when there is none.</summary>
    public LimitSpec? Limit { get; private init; }

    /// <summary>How much of <see cref="Limit"/> could be reserved now, ≥ 0, as far as this replica knows.</summary>
    public long Remaining { get; private init; }

    /// <summary>When <see cref="Limit"/>'s window ends; null when it doesn't (rolling, held).</summary>
    public DateTimeOffset? WindowEnd { get; private init; }

    /// <summary>When trying again makes sense; null when it doesn't before the window ends (a budget that is used up).</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>It got it.</summary>
    public static ReserveResult Of(Reservation reservation) => new() { Reservation = reservation };

    /// <summary>It did not.</summary>
    public static ReserveResult Refused(ReserveFailure failure, Allowance allowance, TimeSpan? retryAfter) => new()
    {
        Failure = failure,
        Limit = allowance.Limit,
        Remaining = Math.Max(0, allowance.Remaining),
        WindowEnd = allowance.Period.Ends ? allowance.Period.End : null,
        RetryAfter = retryAfter,
    };
}
