namespace Gateway.Transport;

/// <summary>Makes the reader for a framing.</summary>
internal static class FrameReaders
{
    /// <summary>A reader.</summary>
    /// <param name="framing">How the stream is cut.</param>
    /// <param name="initialCapacity">Bytes of its first buffer.</param>
    public static IFrameReader Create(StreamFraming framing, int initialCapacity) => framing switch
    {
        StreamFraming.ServerSentEvents => new SseReader(initialCapacity),
        StreamFraming.AmazonEventStream => new AmazonEventStreamReader(initialCapacity),
        StreamFraming.JsonLines => new JsonLinesReader(initialCapacity),
        _ => throw new ArgumentOutOfRangeException(nameof(framing)),
    };
}
