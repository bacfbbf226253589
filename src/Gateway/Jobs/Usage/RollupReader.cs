using Gateway.Metering;
using Gateway.State;

namespace Gateway.Jobs.Usage;

/// <summary>Reads what has been summed up.</summary>
internal sealed class RollupReader(IStateStore store)
{
    /// <summary>How many hours are read at once.</summary>
    private const int HoursAtOnce = 24;

    /// <summary>Shows every line of the hours of a time, of all replicas or of one.</summary>
    /// <param name="from">The beginning of the first hour.</param>
    /// <param name="to">The end of the last hour.</param>
    /// <param name="replica">Whose lines; null: everybody's.</param>
    /// <param name="visit">Shown the hour and each line.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The store did not answer.</exception>
    public async Task VisitHoursAsync(
        DateTimeOffset from, DateTimeOffset to, string? replica, Action<DateTimeOffset, RollupLine> visit, CancellationToken cancellation)
    {
        foreach (var hours in HoursOf(from, to).Chunk(HoursAtOnce))
        {
            var values = new List<(DateTimeOffset Hour, string Replica)>();
            if (replica is not null)
            {
                values.AddRange(hours.Select(hour => (hour, replica)));
            }
            else
            {
                var indexes = await store.ReadManyAsync([.. hours.Select(RollupKeys.Hour)], JobsJson.Default.HourIndex, cancellation).ConfigureAwait(false);
                for (var i = 0; i < hours.Length; i++)
                    values.AddRange((indexes[i]?.Replicas ?? []).Select(name => (hours[i], name)));
            }

            for (var part = 0; part < HourPart.MaxParts && values.Count > 0; part++)
                values = await VisitPartsAsync(values, part, visit, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The sums of a day or month as last computed; null: there are none.</summary>
    /// <exception cref="IOException">The store did not answer, or the sums were replaced again and again meanwhile.</exception>
    public async Task<List<RollupLine>?> ReadSpanAsync(string name, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (await store.ReadAsync(RollupKeys.Span(name), JobsJson.Default.SpanRollup, cancellation).ConfigureAwait(false) is not { } head)
                return null;
            var lines = head.Lines;
            var keys = Enumerable.Range(1, head.Parts - 1).Select(part => RollupKeys.SpanPart(name, head.Version, part)).ToList();
            var more = await store.ReadManyAsync(keys, JobsJson.Default.SpanRollup, cancellation).ConfigureAwait(false);
            // A part that is missing belonged to sums that have been replaced since the head was read.
            if (more.Contains(null))
                continue;
            foreach (var part in more)
                lines.AddRange(part!.Lines);
            return lines;
        }

        throw new StateUnavailableException($"The sums of {name} were replaced while they were read.");
    }

    /// <summary>Which days and months are behind.</summary>
    public async Task<StaleSpans> ReadStaleAsync(CancellationToken cancellation) =>
        await store.ReadAsync(RollupKeys.Stale, JobsJson.Default.StaleSpans, cancellation).ConfigureAwait(false) ?? new();

    /// <summary>Adds a line to sums by series.</summary>
    public static void Add(Dictionary<UsageSeries, UsageSums> sums, RollupLine line)
    {
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(sums, line.Series, out _);
        sum += line.Sums;
    }

    private async Task<List<(DateTimeOffset, string)>> VisitPartsAsync(
        List<(DateTimeOffset Hour, string Replica)> wanted, int part, Action<DateTimeOffset, RollupLine> visit, CancellationToken cancellation)
    {
        var full = new List<(DateTimeOffset, string)>();
        var keys = wanted.ConvertAll(value => RollupKeys.HourPart(value.Hour, value.Replica, part));
        var parts = await store.ReadManyAsync(keys, JobsJson.Default.HourPart, cancellation).ConfigureAwait(false);
        for (var i = 0; i < wanted.Count; i++)
        {
            if (parts[i] is not { } value)
                continue;
            foreach (var line in value.Lines)
                visit(wanted[i].Hour, line);
            if (value.IsFull())
                full.Add(wanted[i]);
        }

        return full;
    }

    private static IEnumerable<DateTimeOffset> HoursOf(DateTimeOffset from, DateTimeOffset to)
    {
        for (var hour = from; hour < to; hour = hour.AddHours(1))
            yield return hour;
    }
}
