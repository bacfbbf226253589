using Gateway.Metering;
using Gateway.State;

namespace Gateway.Jobs.Usage;

/// <summary>Sums up days from hours and months from days, anew each time, so that it can be repeated at will.</summary>
internal sealed class RollupWriter(IStateStore store)
{
    private readonly RollupReader _reader = new(store);

    /// <summary>Takes the days, or the months, that have changed.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(bool days, CancellationToken cancellation)
    {
        IReadOnlyList<string> taken = [];
        await store.ChangeAsync(
            RollupKeys.Stale, JobsJson.Default.StaleSpans,
            stale =>
            {
                stale ??= new StaleSpans();
                var marked = stale.Marked.FindAll(name => RollupKeys.IsDay(name) == days);
                taken = [.. stale.Taken.FindAll(name => RollupKeys.IsDay(name) == days).Union(marked).Order(StringComparer.Ordinal)];
                if (marked.Count == 0)
                    return null;
                stale.Marked.RemoveAll(marked.Contains);
                stale.Taken.AddRange(marked.Except(stale.Taken).ToList());
                return stale;
            },
            cancellation).ConfigureAwait(false);
        return taken;
    }

    /// <summary>Sums up a day or month that was taken, and marks the month of a day.</summary>
    /// <returns>How many series it has.</returns>
    public async Task<int> SumUpAsync(string name, CancellationToken cancellation)
    {
        var key = RollupKeys.Span(name);
        // Read before what is summed up: who computes at the same time from newer hours is not overwritten.
        var item = await store.GetAsync(key, cancellation).ConfigureAwait(false);
        var sums = RollupKeys.IsDay(name) ? await DayAsync(name, cancellation).ConfigureAwait(false) : await MonthAsync(name, cancellation).ConfigureAwait(false);
        if (!await WriteAsync(name, item, sums, cancellation).ConfigureAwait(false))
            throw new StateUnavailableException($"The sums of {name} were written by somebody else meanwhile; they are computed again.");
        await DoneAsync(name, cancellation).ConfigureAwait(false);
        return sums.Count;
    }

    private async Task<Dictionary<UsageSeries, UsageSums>> DayAsync(string name, CancellationToken cancellation)
    {
        var day = RollupKeys.Parse(name);
        var sums = new Dictionary<UsageSeries, UsageSums>();
        await _reader.VisitHoursAsync(day, day.AddDays(1), null, (_, line) => RollupReader.Add(sums, line), cancellation).ConfigureAwait(false);
        return sums;
    }

    private async Task<Dictionary<UsageSeries, UsageSums>> MonthAsync(string name, CancellationToken cancellation)
    {
        var month = RollupKeys.Parse(name);
        var sums = new Dictionary<UsageSeries, UsageSums>();
        for (var day = month; day < month.AddMonths(1); day = day.AddDays(1))
        {
            foreach (var line in await _reader.ReadSpanAsync(RollupKeys.DayName(day), cancellation).ConfigureAwait(false) ?? [])
                RollupReader.Add(sums, line);
        }

        return sums;
    }

    private async Task<bool> WriteAsync(string name, StateItem? before, Dictionary<UsageSeries, UsageSums> sums, CancellationToken cancellation)
    {
        var version = Guid.NewGuid().ToString("N")[..12];
        List<List<RollupLine>> parts = [[]];
        var text = 0;
        foreach (var (series, sum) in sums)
        {
            var line = new RollupLine(series, sum);
            if (parts[^1].Count == HourPart.MaxSeries || text >= HourPart.MaxTextLength)
            {
                parts.Add([]);
                text = 0;
            }

            parts[^1].Add(line);
            text += line.TextLength;
        }

        for (var part = 1; part < parts.Count; part++)
        {
            var value = new SpanRollup { Version = version, Parts = parts.Count, Lines = parts[part] };
            await store.SetAsync(RollupKeys.SpanPart(name, version, part), StateValues.Write(value, JobsJson.Default.SpanRollup), null, cancellation).ConfigureAwait(false);
        }

        var head = new SpanRollup { Version = version, Parts = parts.Count, Lines = parts[0] };
        var written = await store.TrySetAsync(
            RollupKeys.Span(name), StateValues.Write(head, JobsJson.Default.SpanRollup), before?.ETag, null, cancellation).ConfigureAwait(false);
        var superfluous = written ? StateValues.Parse(before, JobsJson.Default.SpanRollup) : head;
        for (var part = 1; part < (superfluous?.Parts ?? 0); part++)
            await store.TryDeleteAsync(RollupKeys.SpanPart(name, superfluous!.Version, part), null, cancellation).ConfigureAwait(false);
        return written;
    }

    private async Task DoneAsync(string name, CancellationToken cancellation) =>
        await store.ChangeAsync(
            RollupKeys.Stale, JobsJson.Default.StaleSpans,
            stale =>
            {
                if (stale is null || !stale.Taken.Remove(name))
                    return null;
                // The month learns of a day before the day is forgotten.
                var month = RollupKeys.IsDay(name) ? RollupKeys.MonthName(RollupKeys.Parse(name)) : null;
                if (month is not null && !stale.Marked.Contains(month))
                    stale.Marked.Add(month);
                return stale;
            },
            cancellation).ConfigureAwait(false);
}
