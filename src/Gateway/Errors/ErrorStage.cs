namespace Gateway.Errors;

/// <summary>Where in the flow of a request an error arose.</summary>
internal enum ErrorStage
{
    /// <summary>Reading the request.</summary>
    Surface,

    /// <summary>Identity, access and rate limits.</summary>
    Admission,

    /// <summary>Reserving what the request may use of its caller's limits.</summary>
    Budgets,

    /// <summary>Choosing a target.</summary>
    Routing,

    /// <summary>Talking to a provider, before the client has seen a content byte.</summary>
    Upstream,

    /// <summary>Relaying a reply that the client already sees.</summary>
    Relay,

    /// <summary>Recording what happened.</summary>
    Metering,
}
