namespace GatewayApi.Simulator;

/// <summary>What goes wrong on purpose, chosen by the model's name.</summary>
internal enum SimulatorFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>429 with Retry-After.</summary>
    RateLimited,

    /// <summary>500 the first time, then an answer.</summary>
    ErrorOnce,

    /// <summary>503.</summary>
    Overloaded,

    /// <summary>TCP reset before any byte of the reply.</summary>
    Reset,

    /// <summary>No byte of a reply until the client leaves.</summary>
    Silence,

    /// <summary>Headers at once, then a long wait.</summary>
    SlowFirstToken,

    /// <summary>Half the reply, then the connection closes.</summary>
    Cut,

    /// <summary>Half the reply, then silence on an open connection.</summary>
    Stall,

    /// <summary>Something that isn't JSON in the middle.</summary>
    Malformed,

    /// <summary>A complete stream without its <c>[DONE]</c>.</summary>
    NoDone,

    /// <summary>400 context_length_exceeded.</summary>
    ContextLength,

    /// <summary>400 content_filter in Azure's shape.</summary>
    ContentFilter,
}
