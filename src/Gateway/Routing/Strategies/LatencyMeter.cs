namespace Gateway.Routing.Strategies;

/// <summary>How fast a target has been lately: moving averages, newer answers counting more. Safe for any number of threads.</summary>
internal sealed class LatencyMeter
{
    private long _firstToken; // microseconds; 0 while nothing is known

    /// <summary>Time to first token in microseconds; null while nothing is known.</summary>
    public long? FirstTokenMicros => Volatile.Read(ref _firstToken) is > 0 and var micros ? micros : null;

    /// <summary>Takes in an answer.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="sinceSent">Time from sending the request to the first token, or to the head of an answer that is not streamed.</param>
    public void Answered(long now, TimeSpan sinceSent) => Volatile.Write(ref _firstToken, Math.Max(1, (long)sinceSent.TotalMicroseconds));

    /// <summary>Takes in how fast a stream was, once it is over.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="tokens">Output tokens, &gt; 0.</param>
    /// <param name="streaming">Time from the first token to the last.</param>
    public void Streamed(long now, long tokens, TimeSpan streaming)
    {
    }
}
