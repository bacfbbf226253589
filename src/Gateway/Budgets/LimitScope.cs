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
}
