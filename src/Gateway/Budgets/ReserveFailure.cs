namespace Gateway.Budgets;

/// <summary>Why a request's worst case was not reserved.</summary>
internal enum ReserveFailure
{
    /// <summary>It was.</summary>
    None,

    /// <summary>Too much of the limit is used up in this window.</summary>
    Exhausted,

    /// <summary>What is left is held for requests in flight, here or on other replicas; some of it will come back.</summary>
    Contended,

    /// <summary>The state store cannot be asked, and the limit is one that then refuses.</summary>
    Unavailable,
}
