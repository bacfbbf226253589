namespace Gateway.Budgets;

/// <summary>What to do with a request whose worst case does not fit a budget.</summary>
internal enum ExceededPolicy
{
    /// <summary>Refuse it.</summary>
    Refuse,

    /// <summary>Let it have as many output tokens as are left, if that is at least one; otherwise refuse it.</summary>
    Clamp,
}
