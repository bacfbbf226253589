namespace Gateway.Metering;

/// <summary>How a reply ended.</summary>
internal enum LedgerOutcome
{
    /// <summary>The client was given the whole answer.</summary>
    Completed,

    /// <summary>The client was given an error instead of an answer.</summary>
    Failed,

    /// <summary>A stream that had begun ended with an in-stream error.</summary>
    Interrupted,

    /// <summary>The client went away before the end.</summary>
    Aborted,
}
