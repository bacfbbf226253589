namespace Gateway.Routing.Health;

/// <summary>How a target stands at one moment, for people.</summary>
/// <param name="Address">The target.</param>
internal sealed record TargetReport(string Address)
{
    /// <summary>How its circuit stands.</summary>
    public CircuitPhase Circuit { get; init; }

    /// <summary>Why the circuit opened last.</summary>
    public CircuitCause Cause { get; init; }

    /// <summary>Until the next trial is due; null while the circuit lets requests through or a trial is under way.</summary>
    public TimeSpan? OpenFor { get; init; }

    /// <summary>How often the circuit has opened.</summary>
    public long Trips { get; init; }

    /// <summary>Until it may be called again, as it said itself; null: now.</summary>
    public TimeSpan? CoolsFor { get; init; }

    /// <summary>Attempts under way.</summary>
    public int InFlight { get; init; }

    /// <summary>How many there may be.</summary>
    public int Limit { get; init; }

    /// <summary>Requests that wait for a place.</summary>
    public int Waiting { get; init; }

    /// <summary>What became of calls in the last <see cref="CallWindow.Span"/>.</summary>
    public CallCounts Lately { get; init; }

    /// <summary>Retries among them.</summary>
    public int Retries { get; init; }

    /// <summary>Time to the first token lately; null while too little is known.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>The stable code of its last error, or null.</summary>
    public string? LastError { get; init; }

    /// <summary>How a target stands.</summary>
    /// <param name="target">The target; it has been called.</param>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public static TargetReport Of(TargetState target, long now)
    {
        var vitals = target.Vitals!;
        var (open, cools) = (vitals.Circuit.Obstacle(now, out var wait), target.CoolsFor(now));
        return new TargetReport(target.Address)
        {
            Circuit = vitals.Circuit.Phase,
            Cause = vitals.Circuit.Cause,
            OpenFor = open == SkipReason.CircuitOpen ? wait : null,
            Trips = vitals.Circuit.Trips,
            CoolsFor = cools > TimeSpan.Zero ? cools : null,
            InFlight = target.InFlight,
            Limit = target.MaxConcurrency ?? vitals.Adaptive.Current,
            Waiting = target.Gate?.Waiting ?? 0,
            Lately = vitals.Window.Sum(now),
            Retries = vitals.Retries.Taken(now),
            FirstToken = target.Latency.FirstTokenMicros is { } micros ? TimeSpan.FromMicroseconds(micros) : null,
            LastError = target.LastError,
        };
    }
}
