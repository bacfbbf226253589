using Gateway.Routing.Attempts;

namespace Gateway.Routing.Strategies;

/// <summary>How fast a target has been lately: moving averages, newer answers counting more. Safe for any number of threads.</summary>
/// <param name="time">The clock.</param>
internal sealed class LatencyMeter(TimeProvider time)
{
    private readonly long _perMs = Math.Max(1, time.TimestampFrequency / 1_000);
    private MovingAverage _firstToken; // microseconds
    private MovingAverage _perToken;   // microseconds
    private long _waitingSince;        // when the first request was sent that no answer has followed; 0 when none waits
    private long _asked;               // when the last request was sent; 0 before the first

    /// <summary>Time to first token in microseconds; null while nothing is known.</summary>
    public long? FirstTokenMicros => _firstToken.Read(0, out _) is > 0 and var micros ? (long)Math.Ceiling(micros) : null;

    /// <summary>Output tokens a second; null while nothing is known.</summary>
    public double? TokensPerSecond => _perToken.Read(0, out _) is > 0 and var micros ? 1_000_000 / micros : null;

    /// <summary>A strategy sends a request: until something is answered, silence is knowledge too.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Asked(long now)
    {
        Volatile.Write(ref _asked, now);
        Interlocked.CompareExchange(ref _waitingSince, now, 0);
    }

    /// <summary>Takes in an answer.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="sinceSent">Time from sending the request to the first token, or to the end of an answer that is not streamed.</param>
    /// <param name="tokens">Output tokens that had been made by then.</param>
    public void Answered(long now, TimeSpan sinceSent, long tokens = 0)
    {
        Volatile.Write(ref _waitingSince, 0);
        var micros = sinceSent.TotalMicroseconds;
        // What of a whole answer's time went into its tokens is known only where streams have shown how fast they come.
        _firstToken.Add(Ms(now), Math.Max(1, Math.Max(micros - (tokens * _perToken.Read(0, out _)), micros / 20)));
    }

    /// <summary>Takes in that a request ended without an answer, whoever gave up: an answer takes at least as long.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="waited">Time since it was sent.</param>
    public void Unanswered(long now, TimeSpan waited)
    {
        Volatile.Write(ref _waitingSince, 0);
        if (_firstToken.Read(0, out _) is > 0 and var known && waited.TotalMicroseconds > known)
            _firstToken.Add(Ms(now), waited.TotalMicroseconds);
    }

    /// <summary>Takes in how fast a stream was, once it is over.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="tokens">Output tokens, &gt; 0.</param>
    /// <param name="streaming">Time from the first token to the last.</param>
    public void Streamed(long now, long tokens, TimeSpan streaming)
    {
        if (tokens > 0 && streaming > TimeSpan.Zero)
            _perToken.Add(Ms(now), streaming.TotalMicroseconds / tokens);
    }

    /// <summary>Takes in a stream that has just ended well.</summary>
    /// <param name="attempt">The attempt, its reply read and its first content noted.</param>
    public static void Streamed(Attempt attempt)
    {
        if (attempt.FirstContentAt == 0)
            return;
        var state = attempt.Target.State;
        var now = state.Time.GetTimestamp();
        // Reasoning was made before the first content; without counts, four characters are about a token.
        var tokens = attempt.Reply.Usage is { } usage ? usage.Output - usage.Reasoning : attempt.Tap is { } tap ? tap.SeenTextBytes / 4 : 0;
        state.Latency.Streamed(now, tokens, state.Time.GetElapsedTime(attempt.FirstContentAt, now));
    }

    /// <summary>What is known now.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public LatencyView At(long now)
    {
        var firstToken = _firstToken.Read(Ms(now), out var age);
        var since = Volatile.Read(ref _waitingSince);
        var asked = Volatile.Read(ref _asked);
        var silence = since == 0 ? 0 : Math.Max(0, now - since) * 1_000.0 / _perMs;
        return new LatencyView(
            firstToken == 0 ? 0 : Math.Max(firstToken, silence),
            _perToken.Read(0, out _),
            Math.Min(firstToken == 0 ? uint.MaxValue : age, asked == 0 ? uint.MaxValue : Ms(now) - Ms(asked)),
            since != 0);
    }

    private uint Ms(long now) => (uint)(now / _perMs);
}
