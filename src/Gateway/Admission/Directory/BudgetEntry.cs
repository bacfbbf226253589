namespace Gateway.Admission.Directory;

/// <summary>A budget as written.</summary>
internal sealed record BudgetEntry
{
    /// <summary>Unique among its owner's limits; same rules as an id.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>usd</c>, <c>tokens</c> or <c>requests</c>.</summary>
    public string Unit { get; init; } = "usd";

    /// <summary>The amount, ≥ 0: dollars with up to nine decimals, or a whole number.</summary>
    public decimal Amount { get; init; }

    /// <summary>A number and a unit: <c>1h</c> to <c>744h</c>, <c>1d</c> to <c>31d</c>, <c>1w</c> to <c>4w</c>, <c>1M</c>.</summary>
    public string Window { get; init; } = "1M";

    /// <summary>Whether the window rolls; otherwise it begins with the calendar.</summary>
    public bool Rolling { get; init; }

    /// <summary>IANA time zone of calendar windows of a day and longer.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>Globs over route names and <c>provider/model</c> addresses that count; empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Globs over providers that count; empty: all.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary><c>refuse</c> or <c>clamp</c>.</summary>
    public string WhenExceeded { get; init; } = "refuse";

    /// <summary><c>refuse</c> or <c>allow</c>.</summary>
    public string WhenUnavailable { get; init; } = "refuse";

    /// <summary>Percentages whose passing is announced: whole, 1 to 100, rising.</summary>
    public IReadOnlyList<int> AlertAt { get; init; } = [];
}
