namespace Gateway.Transport;

/// <summary>How long to wait for an upstream. Every value is positive; <see cref="Timeout.InfiniteTimeSpan"/> is not allowed.</summary>
internal sealed record TimeoutPolicy
{
    /// <summary>TCP and TLS connect. Default 10 s.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From sending a streaming request to its first content event. Default 120 s.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>The longest silence of an answer that is not streamed: from sending the request to its head, and between two reads of its body. Default 5 min.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two reads of a stream that has begun. Default 60 s.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The whole exchange, all attempts together. Default 15 min.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>After every choice has finished, how long to wait for usage and the terminator before ending properly. Default 2 s.</summary>
    public TimeSpan FinishGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Silence before the reply is committed and comment keep-alives begin; until then an early failure keeps its real status code. Default 15 s.</summary>
    public TimeSpan KeepAliveHold { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Between two comment keep-alives. Default 15 s.</summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(15);
}
