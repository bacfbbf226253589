using Gateway.Metering;

namespace GatewayApi.Telemetry;

/// <summary>
/// Adds the replies of one series up for both sets of metrics, which read it when they are collected. These are a few numbers side by side in memory; a counter
/// for each, in either set, would be as many places that the processors take from each other on every reply.
/// </summary>
internal sealed class ReplySums
{
    private long _replies;
    private long _input;
    private long _output;
    private long _cost;
    private long _attempts;
    private long _loneAttempts;

    /// <summary>What they add up to now.</summary>
    public ReplyTotals Read() => new(
        Interlocked.Read(ref _replies), Interlocked.Read(ref _input), Interlocked.Read(ref _output), Interlocked.Read(ref _cost), Interlocked.Read(ref _attempts), Interlocked.Read(ref _loneAttempts));

    /// <summary>Adds a reply.</summary>
    public void Count(LedgerEntry entry)
    {
        Interlocked.Increment(ref _replies);
        if (entry.Usage != default)
        {
            Interlocked.Add(ref _input, entry.Usage.Input);
            Interlocked.Add(ref _output, entry.Usage.Output);
        }

        if (entry.CostNanoUsd > 0)
            Interlocked.Add(ref _cost, entry.CostNanoUsd);
        if (entry.Attempts <= 0)
            return;
        Interlocked.Add(ref _attempts, entry.Attempts);
        if (entry.AttemptList is null)
            Interlocked.Add(ref _loneAttempts, entry.Attempts);
    }
}
