namespace Gateway.Jobs.Usage;

/// <summary>What usage to show.</summary>
/// <param name="Group">By what.</param>
/// <param name="From">A moment in the first span.</param>
/// <param name="To">A moment: the span it falls into is left out where it begins with it, and the last one otherwise.</param>
/// <param name="Step">The spans.</param>
internal sealed record UsageQuery(UsageGroup Group, DateTimeOffset From, DateTimeOffset To, UsageStep Step)
{
    /// <summary>The most spans of one query.</summary>
    public const int MaxSpans = 800;

    /// <summary>The beginnings of its spans, in their order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are more than <see cref="MaxSpans"/>.</exception>
    public IReadOnlyList<DateTimeOffset> Spans()
    {
        var spans = new List<DateTimeOffset>();
        for (var start = StartOf(From); start < To; start = After(start))
        {
            if (spans.Count == MaxSpans)
                throw new ArgumentOutOfRangeException(nameof(To), $"There are more than {MaxSpans} spans between the two times.");
            spans.Add(start);
        }

        return spans;
    }

    /// <summary>When the span after one begins.</summary>
    public DateTimeOffset After(DateTimeOffset start) => Step switch
    {
        UsageStep.Hour => start.AddHours(1),
        UsageStep.Day => start.AddDays(1),
        _ => start.AddMonths(1),
    };

    private DateTimeOffset StartOf(DateTimeOffset time) => Step switch
    {
        UsageStep.Hour => RollupKeys.HourOf(time),
        UsageStep.Day => RollupKeys.DayOf(time),
        _ => RollupKeys.MonthOf(time),
    };
}
