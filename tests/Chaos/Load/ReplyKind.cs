namespace Chaos.Load;

/// <summary>What became of a request, as its client saw it.</summary>
internal enum ReplyKind
{
    /// <summary>A whole answer.</summary>
    Ok,

    /// <summary>402: a budget is used up.</summary>
    Exhausted,

    /// <summary>429: what is left of a budget is held elsewhere.</summary>
    Contended,

    /// <summary>429: a rate limit.</summary>
    RateLimited,

    /// <summary>503: nobody knows how a limit stands.</summary>
    Unavailable,

    /// <summary>Refused for its key.</summary>
    KeyRefused,

    /// <summary>Another complete answer.</summary>
    Other,

    /// <summary>The connection ended before the answer did.</summary>
    Cut,

    /// <summary>The client itself left.</summary>
    Left,

    /// <summary>Nobody listened: there was no request.</summary>
    Unreached,
}
