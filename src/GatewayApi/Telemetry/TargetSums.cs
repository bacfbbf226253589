namespace GatewayApi.Telemetry;

/// <summary>What is added up of calls of a target, with its tags made once.</summary>
internal sealed class TargetSums
{
    private long _attempts;
    private long _wasted;

    public TargetSums(TargetSeries series)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new("gateway.provider.id", series.ProviderId),
            new(GenAiNames.RequestModel, series.Model),
            new("gateway.attempt.reason", series.Reason),
            new("gateway.attempt.outcome", series.Outcome),
        ];
        if (series.Error is not null)
            tags.Add(new("error.type", series.Error));
        Tags = [.. tags];
    }

    public KeyValuePair<string, object?>[] Tags { get; }

    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Nano-dollars.</summary>
    public long Wasted => Interlocked.Read(ref _wasted);

    public void Count(int attempts, long wastedNanoUsd)
    {
        Interlocked.Add(ref _attempts, attempts);
        if (wastedNanoUsd > 0)
            Interlocked.Add(ref _wasted, wastedNanoUsd);
    }
}
