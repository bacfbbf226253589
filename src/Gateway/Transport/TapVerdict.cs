namespace Gateway.Transport;

/// <summary>What a tap says of one event of a stream.</summary>
internal enum TapVerdict
{
    /// <summary>Part of the preamble: forward it, but it does not commit the reply.</summary>
    Preamble,

    /// <summary>Content: forward it; the first one commits the reply.</summary>
    Content,

    /// <summary>Not for the client.</summary>
    Suppress,

    /// <summary>The terminal event: it is held back until the reply is recorded.</summary>
    Terminal,

    /// <summary>The provider's own in-stream error.</summary>
    Error,

    /// <summary>Not an event of this dialect.</summary>
    Malformed,

    /// <summary>Part of another answer than the one the client is being given: the stream is of no use.</summary>
    Unwanted,
}
