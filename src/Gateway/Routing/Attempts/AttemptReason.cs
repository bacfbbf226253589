namespace Gateway.Routing.Attempts;

/// <summary>Why a provider was called.</summary>
internal enum AttemptReason
{
    /// <summary>The first call for a request.</summary>
    First,

    /// <summary>The same target again.</summary>
    Retry,

    /// <summary>Another target after one that could not serve.</summary>
    Fallback,

    /// <summary>Another target beside one that has not answered yet.</summary>
    Hedge,

    /// <summary>To continue an answer that broke off.</summary>
    Resume,
}
