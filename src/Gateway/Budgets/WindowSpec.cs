namespace Gateway.Budgets;

/// <summary>The time over which a limit counts.</summary>
/// <param name="Unit">Second to month.</param>
/// <param name="Count">How many of them, ≥ 1. A month is only ever one.</param>
internal sealed record WindowSpec(WindowUnit Unit, int Count)
{
    /// <summary>A calendar month in UTC.</summary>
    public static readonly WindowSpec Month = new(WindowUnit.Month, 1);

    /// <summary>True: what was used in the last <see cref="Count"/> units counts. False: windows begin with the calendar in <see cref="TimeZone"/>.</summary>
    public bool Rolling { get; init; }

    /// <summary>The time zone that calendar windows of days and longer begin in.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;
}
