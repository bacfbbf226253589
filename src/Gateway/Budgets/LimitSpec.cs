using System.Globalization;
using System.IO.Enumeration;

namespace Gateway.Budgets;

/// <summary>
/// One budget or rate limit of one owner, compiled. Budgets, rate limits and limits of what runs at once are the same thing with another window:
/// an amount that all replicas together may use up.
/// </summary>
internal sealed record LimitSpec
{
    /// <summary>Unique in the deployment and stable: it is part of the state key. <c>SCOPE:OWNER:NAME</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The limit's name among its owner's, as people wrote it.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required LimitScope Scope { get; init; }

    /// <summary>The owner's id.</summary>
    public required string OwnerId { get; init; }

    /// <summary>What happens to who exceeds it.</summary>
    public required LimitKind Kind { get; init; }

    /// <summary>What is counted.</summary>
    public required LimitUnit Unit { get; init; }

    /// <summary>How much may be used in a window, ≥ 0: nano-dollars, tokens, requests, or the number or bytes held at once.</summary>
    public required long Amount
    {
        get;
        init => (field, AmountText) = (value, value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary><see cref="Amount"/> in digits: each reply tells it.</summary>
    public string AmountText { get; private init; } = "0";

    /// <summary>The window. Meaningless for <see cref="LimitKind.Held"/>.</summary>
    public WindowSpec Window { get; init; } = WindowSpec.Month;

    /// <summary>Globs over route names and <c>provider/model</c> addresses that count towards it; empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Globs over provider ids that count towards it; empty: all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>What to do with a request whose worst case does not fit.</summary>
    public ExceededPolicy WhenExceeded { get; init; }

    /// <summary>What to do while the state store cannot be asked and nothing is left of the lease.</summary>
    public UnavailablePolicy WhenUnavailable { get; init; }

    /// <summary>Percentages of <see cref="Amount"/>, 1 to 100 in rising order, whose passing is announced.</summary>
    public IReadOnlyList<int> AlertAt { get; init; } = [];

    /// <summary>Whether a reply of this provider and model counts towards the limit. The same for reserving, settling and reconciling.</summary>
    /// <param name="requestedModel">As the client wrote it.</param>
    /// <param name="provider">Provider id.</param>
    /// <param name="targetModel">The model's id on the provider's wire.</param>
    public bool Counts(string requestedModel, string provider, string targetModel)
    {
        if (Providers.Count > 0 && !Matches(Providers, provider))
            return false;
        return Models.Count == 0 || Matches(Models, requestedModel) || Matches(Models, $"{provider}/{targetModel}");
    }

    private static bool Matches(IReadOnlyList<string> globs, string name)
    {
        foreach (var glob in globs)
        {
            if (FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false))
                return true;
        }

        return false;
    }
}
