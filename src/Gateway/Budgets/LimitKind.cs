namespace Gateway.Budgets;

/// <summary>What kind of limit it is.</summary>
internal enum LimitKind
{
    /// <summary>Money, tokens or requests for an hour to a month: exceeding it is <c>budget_exhausted</c> (402), which trying again does not mend.</summary>
    Budget,

    /// <summary>Tokens or requests for a second to an hour: exceeding it is <c>rate_limited</c> (429) with Retry-After.</summary>
    Rate,

    /// <summary>What is held at once and given back: requests or bytes in flight. Exceeding it is <c>rate_limited</c> (429).</summary>
    Held,
}
