namespace Gateway.Routing.Health;

/// <summary>What is known of a target that has been called: made with the first call, since most targets of a catalogue never are.</summary>
/// <param name="time">The clock.</param>
/// <param name="random">Numbers of [0, 1).</param>
internal sealed class TargetVitals(TimeProvider time, Func<double> random)
{
    /// <summary>Whether it is to be called at all.</summary>
    public Circuit Circuit { get; } = new(time, random);

    /// <summary>What became of calls lately.</summary>
    public CallWindow Window { get; } = new(time);

    /// <summary>Retries lately.</summary>
    public RetryBudget Retries { get; } = new(time);

    /// <summary>How many calls it bears at once, as far as it has shown.</summary>
    public AdaptiveLimit Adaptive { get; } = new(time);

    /// <summary>How fast it answers, against its habit.</summary>
    public Pace Pace { get; } = new(time);
}
