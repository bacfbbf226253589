namespace Gateway.Routing;

/// <summary>Why a target of the route was not called.</summary>
internal enum SkipReason
{
    /// <summary>Its provider has no such endpoint, and none that the request can be translated for.</summary>
    NoEndpoint,

    /// <summary>It told the gateway to stay away, and the time is not up.</summary>
    CoolingDown,

    /// <summary>It has failed too often, and is not due for a trial.</summary>
    CircuitOpen,

    /// <summary>Its circuit is being tried by another request.</summary>
    TrialUnderWay,

    /// <summary>As many requests as it bears are under way.</summary>
    Full,

    /// <summary>Its retries have been used up: more would make a storm.</summary>
    RetriesSpent,

    /// <summary>Where it is, or how long it keeps data, is not what the route or the key wants.</summary>
    DataPolicy,

    /// <summary>The context window is no larger than the one that was too small.</summary>
    WindowTooSmall,

    /// <summary>It can't be told what another target refused.</summary>
    Unsupported,

    /// <summary>The request can't be said on its wire.</summary>
    NotTranslated,

    /// <summary>Every key it takes has been refused for this request.</summary>
    NoKeyLeft,

    /// <summary>What attempts may cost together has been reached.</summary>
    CostCap,

    /// <summary>It can't go on with the answer that broke off.</summary>
    NoWayOn,

    /// <summary>Its price is not known, and the route refuses models without one.</summary>
    UnknownPrice,

    /// <summary>None of the keys that may be used is for its model.</summary>
    NoKey,
}
