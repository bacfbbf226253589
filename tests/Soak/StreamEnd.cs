namespace Soak;

/// <summary>How a stream ended for its client.</summary>
internal enum StreamEnd
{
    /// <summary>The whole text and the terminator.</summary>
    Whole,

    /// <summary>An error instead of an answer.</summary>
    Refused,

    /// <summary>The beginning of the text, then the dialect's error and no terminator.</summary>
    Broken,

    /// <summary>The client left on purpose.</summary>
    Left,

    /// <summary>Violation: it ended as if it were whole, and is not; or it just ended.</summary>
    Truncated,

    /// <summary>Violation: text that is not of this answer.</summary>
    Foreign,

    /// <summary>Violation: it took longer than any limit allows, or the gateway did not answer.</summary>
    Lost,
}
