namespace Gateway.Transport;

/// <summary>How a streamed body is cut into events.</summary>
internal enum StreamFraming
{
    /// <summary>Server-sent events (WHATWG HTML): <c>text/event-stream</c>.</summary>
    ServerSentEvents,

    /// <summary>One JSON value a line: <c>application/x-ndjson</c>.</summary>
    JsonLines,

    /// <summary>Amazon's binary event stream: <c>application/vnd.amazon.eventstream</c>.</summary>
    AmazonEventStream,
}
