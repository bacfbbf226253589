using Gateway.Metering;
using Gateway.Routing.Attempts;
using Gateway.Routing.Strategies;

namespace Gateway.Routing.Health;

/// <summary>
/// What is going on with a target, live: one for each address in the process, whatever routes and snapshots lead there. Safe for any
/// number of threads; nothing here waits.
/// </summary>
/// <param name="address">The target's <see cref="TargetSnapshot.Address"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class TargetState(string address, TimeProvider time)
{
    private int _inFlight;
    private long _coolUntil;

    /// <summary>The target's address.</summary>
    public string Address { get; } = address;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>How fast it has been.</summary>
    public LatencyMeter Latency { get; } = new(time);

    /// <summary>What it says is left of its rate limits.</summary>
    public RateHeadroom Headroom { get; } = new(time);

    /// <summary>Attempts under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>What keeps a target from being called now; null when nothing does. Only looks: an attempt may yet be refused by <see cref="TryEnter"/>.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="wait">When that is over, as far as it is known; zero otherwise.</param>
    public SkipReason? Obstacle(long now, out TimeSpan wait)
    {
        var cool = Volatile.Read(ref _coolUntil);
        wait = cool > now ? Time.GetElapsedTime(now, cool) : TimeSpan.Zero;
        return cool > now ? SkipReason.CoolingDown : null;
    }

    /// <summary>Begins an attempt. Each one that succeeds is followed by <see cref="Leave"/>.</summary>
    /// <returns>Null, or what keeps the target from being called after all: another took the trial, or the last place.</returns>
    public SkipReason? TryEnter()
    {
        Interlocked.Increment(ref _inFlight);
        return null;
    }

    /// <summary>The target has begun to answer: a status of success, and where the answer is a stream its first content.</summary>
    /// <param name="sinceSent">Time from sending the request, or the first token of a stream.</param>
    /// <param name="tokens">Output tokens that had been made by then.</param>
    public void Answered(TimeSpan sinceSent, long tokens = 0) => Latency.Answered(Time.GetTimestamp(), sinceSent, tokens);

    /// <summary>An attempt is over, whatever became of it.</summary>
    /// <param name="attempt">The attempt, with its end and error.</param>
    public void Leave(Attempt attempt)
    {
        Interlocked.Decrement(ref _inFlight);
        if (attempt is { FirstContentAt: 0, Outcome: not LedgerOutcome.Completed })
            Latency.Unanswered(Time.GetTimestamp(), Time.GetElapsedTime(attempt.Began));
        if (attempt.StayAway is { } wait)
            CoolDown(wait);
    }

    /// <summary>Keeps requests away for a while: the target said so itself.</summary>
    public void CoolDown(TimeSpan wait)
    {
        var until = Time.GetTimestamp() + (long)(wait.TotalSeconds * Time.TimestampFrequency);
        for (var now = Volatile.Read(ref _coolUntil); until > now;)
        {
            var before = Interlocked.CompareExchange(ref _coolUntil, until, now);
            if (before == now)
                return;
            now = before;
        }
    }
}
