namespace Gateway.Budgets;

/// <summary>What to do while the state store cannot be asked and nothing is left of the lease.</summary>
internal enum UnavailablePolicy
{
    /// <summary>Refuse with 503 and Retry-After: the limit cannot be exceeded. The default of budgets.</summary>
    Refuse,

    /// <summary>Let it pass and count it: rate limits share the amount by the replicas known last, budgets may be exceeded and say so. The default of rate limits.</summary>
    Allow,
}
