namespace FaultUpstream;

/// <summary>When a provider goes wrong.</summary>
internal static class Schedules
{
    /// <summary>Never.</summary>
    public static FaultSchedule Never { get; } = static _ => null;

    /// <summary>As often as the fault itself says: always, or some times first.</summary>
    public static FaultSchedule Of(Fault fault) => request => request.Number <= fault.Times ? fault : null;

    /// <summary>Some times, then never again.</summary>
    public static FaultSchedule First(int times, Fault fault) => request => request.Number <= times ? fault : null;

    /// <summary>From one moment to another.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="after">From when, counted from now.</param>
    /// <param name="lasting">For how long.</param>
    /// <param name="fault">What is wrong meanwhile.</param>
    public static FaultSchedule Outage(TimeProvider time, TimeSpan after, TimeSpan lasting, Fault fault)
    {
        var begin = time.GetTimestamp();
        return request => time.GetElapsedTime(begin, request.At) is var at && at >= after && at < after + lasting ? fault : null;
    }

    /// <summary>Every so often at random: the same seed fails the same requests.</summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="faults">Any of these.</param>
    public static FaultSchedule Share(double share, int seed, params Fault[] faults) => request =>
    {
        var random = new Random(HashCode.Combine(seed, request.Number));
        return random.NextDouble() < share ? faults[random.Next(faults.Length)] : null;
    };

    /// <summary>As a rate limit does: so many requests in each window are served, the others told to come back when it ends.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="most">Requests in a window.</param>
    /// <param name="window">Its length, whole seconds.</param>
    public static FaultSchedule RateLimit(TimeProvider time, int most, TimeSpan window)
    {
        var gate = new Lock();
        var (begin, count) = (time.GetTimestamp(), 0);
        var refuse = new Fault("rate-limit", "more requests than allowed: 429 with `Retry-After`", exchange => exchange.RefuseAsync(Left()));
        return _ =>
        {
            lock (gate)
            {
                if (time.GetElapsedTime(begin) >= window)
                    (begin, count) = (time.GetTimestamp(), 0);
                return ++count > most ? refuse : null;
            }
        };

        TimeSpan Left()
        {
            lock (gate)
                return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((window - time.GetElapsedTime(begin)).TotalSeconds)));
        }
    }
}
