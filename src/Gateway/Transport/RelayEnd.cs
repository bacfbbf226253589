namespace Gateway.Transport;

/// <summary>How the relay of a stream ended.</summary>
internal enum RelayEnd
{
    /// <summary>The whole answer came; what is still to be sent is the tail.</summary>
    Completed,

    /// <summary>The provider sent an error of its own; the tap holds it.</summary>
    ProviderError,

    /// <summary>The connection ended before the answer did.</summary>
    Cut,

    /// <summary>Something came that is not an event of the dialect.</summary>
    Malformed,

    /// <summary>A single event exceeded the limit.</summary>
    EventTooLarge,

    /// <summary>No content event came in time.</summary>
    FirstTokenTimeout,

    /// <summary>The stream fell silent after it had begun.</summary>
    Stalled,

    /// <summary>The whole exchange took too long.</summary>
    TotalTimeout,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>The tap had no use for the stream.</summary>
    Unwanted,

    /// <summary>Another stream for the same client had content first.</summary>
    Outrun,
}
