namespace Gateway.Budgets;

/// <summary>Whose limit it is; the narrowest last.</summary>
internal enum LimitScope
{
    /// <summary>A customer's.</summary>
    Customer,

    /// <summary>A team's.</summary>
    Team,

    /// <summary>A user's.</summary>
    User,

    /// <summary>A virtual key's.</summary>
    Key,

    /// <summary>A rule's, for the copies of requests that it makes. No caller's requests count towards it, and they towards no caller's.</summary>
    Rule,
}
