using System.Runtime.InteropServices;
using Gateway.Metering;
using Gateway.State;

namespace Gateway.Jobs.Usage;

/// <summary>
/// Answers what was used, of all replicas together. Days and months come from their sums, and where those are behind, from what they are made of: the answer
/// holds everything that has been published.
/// </summary>
internal sealed class UsageReport(IStateStore store)
{
    private readonly RollupReader _reader = new(store);

    /// <summary>The rows, by time and then by id.</summary>
    /// <param name="query">What to show.</param>
    /// <param name="show">Whether to count a series.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentOutOfRangeException">Too many spans.</exception>
    /// <exception cref="IOException">The state store did not answer.</exception>
    public async Task<IReadOnlyList<UsageRow>> RunAsync(UsageQuery query, Func<UsageSeries, bool> show, CancellationToken cancellation)
    {
        var spans = query.Spans();
        var rows = new List<UsageRow>();
        if (spans.Count == 0)
            return rows;
        if (query.Step == UsageStep.Hour)
        {
            var hours = new Dictionary<(DateTimeOffset, string?), UsageSums>();
            Action<DateTimeOffset, RollupLine> addHour = (hour, line) => Add(hours, hour, line);
            await _reader.VisitHoursAsync(spans[0], query.After(spans[^1]), null, addHour, cancellation).ConfigureAwait(false);
            rows.AddRange(hours.Select(hour => new UsageRow(hour.Key.Item1, hour.Key.Item2, hour.Value)));
        }
        else
        {
            var stale = await _reader.ReadStaleAsync(cancellation).ConfigureAwait(false);
            foreach (var start in spans)
            {
                var sums = new Dictionary<(DateTimeOffset, string?), UsageSums>();
                Action<RollupLine> add = line => Add(sums, start, line);
                if (query.Step == UsageStep.Day)
                    await DayAsync(start, stale, add, cancellation).ConfigureAwait(false);
                else
                    await MonthAsync(start, stale, add, cancellation).ConfigureAwait(false);
                rows.AddRange(sums.Select(one => new UsageRow(start, one.Key.Item2, one.Value)));
            }
        }

        return [.. rows.OrderBy(row => row.Start).ThenBy(row => row.Id, StringComparer.Ordinal)];

        void Add(Dictionary<(DateTimeOffset, string?), UsageSums> sums, DateTimeOffset start, RollupLine line)
        {
            if (!show(line.Series))
                return;
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (start, IdOf(query.Group, line.Series)), out _);
            sum += line.Sums;
        }
    }

    private async Task DayAsync(DateTimeOffset day, StaleSpans stale, Action<RollupLine> add, CancellationToken cancellation)
    {
        var name = RollupKeys.DayName(day);
        if (stale.Contains(name))
            await _reader.VisitHoursAsync(day, day.AddDays(1), null, (_, line) => add(line), cancellation).ConfigureAwait(false);
        else
            await SpanAsync(name, add, cancellation).ConfigureAwait(false);
    }

    private async Task MonthAsync(DateTimeOffset month, StaleSpans stale, Action<RollupLine> add, CancellationToken cancellation)
    {
        var name = RollupKeys.MonthName(month);
        if (stale.Contains(name) || stale.Marked.Concat(stale.Taken).Any(day => day.StartsWith(name, StringComparison.Ordinal)))
        {
            for (var day = month; day < month.AddMonths(1); day = day.AddDays(1))
                await DayAsync(day, stale, add, cancellation).ConfigureAwait(false);
        }
        else
        {
            await SpanAsync(name, add, cancellation).ConfigureAwait(false);
        }
    }

    private async Task SpanAsync(string name, Action<RollupLine> add, CancellationToken cancellation)
    {
        foreach (var line in await _reader.ReadSpanAsync(name, cancellation).ConfigureAwait(false) ?? [])
            add(line);
    }

    private static string? IdOf(UsageGroup group, UsageSeries series) => group switch
    {
        UsageGroup.Customer => series.Customer,
        UsageGroup.Team => series.Team,
        UsageGroup.User => series.User,
        UsageGroup.Key => series.Key,
        UsageGroup.Provider => series.Provider.Length == 0 ? null : series.Provider,
        _ => series.Model.Length == 0 ? null : series.Model,
    };
}
