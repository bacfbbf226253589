namespace Gateway.Events.Embedded;

/// <summary>How the bus in the process runs. The defaults are for production.</summary>
internal sealed record InProcessBusOptions
{
    /// <summary>The most events that wait for one subscription.</summary>
    public int Capacity { get; init; } = 1_024;

    /// <summary>How often an event is handed over before it goes to the dead letters.</summary>
    public int Tries { get; init; } = 10;

    /// <summary>The wait before the second try; it doubles with each further one…</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>…up to this.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a publisher waits for room.</summary>
    public TimeSpan PublishLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a subscription that ends may go on with what it has.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after a try, counted from 1.</summary>
    public TimeSpan BackoffAfter(int tried) =>
        TimeSpan.FromTicks((long)Math.Min(LongestBackoff.Ticks, FirstBackoff.Ticks * Math.Pow(2, tried - 1)));
}
