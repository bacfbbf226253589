namespace Gateway.Budgets;

/// <summary>Of a caller's limits those that its replies tell of: the one with the least left of each kind.</summary>
internal struct LimitViews
{
    /// <summary>The rate limit with the fewest requests left, or null.</summary>
    public LimitView? Requests { get; private set; }

    /// <summary>The rate limit with the fewest tokens left, or null.</summary>
    public LimitView? Tokens { get; private set; }

    /// <summary>The budget with the least money left, or null.</summary>
    public LimitView? Money { get; private set; }

    /// <summary>Whether a limit is of one of these kinds.</summary>
    public static bool Shows(LimitSpec limit) =>
        limit.Kind == LimitKind.Rate ? limit.Unit is LimitUnit.Requests or LimitUnit.Tokens : limit is { Kind: LimitKind.Budget, Unit: LimitUnit.NanoUsd };

    /// <summary>Adds one of a limit that is shown.</summary>
    public void Add(in LimitView view)
    {
        if (view.Limit.Unit == LimitUnit.Requests)
            Requests = LimitView.Tighter(Requests, view);
        else if (view.Limit.Unit == LimitUnit.Tokens)
            Tokens = LimitView.Tighter(Tokens, view);
        else
            Money = LimitView.Tighter(Money, view);
    }
}
