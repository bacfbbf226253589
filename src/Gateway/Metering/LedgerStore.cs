using Gateway.State.Embedded;

namespace Gateway.Metering;

/// <summary>The ledger as a table that can be asked.</summary>
internal sealed class LedgerStore(SqliteDatabase database)
{
    private static readonly int Model = LedgerFields.IndexOf("requested_model");

    /// <summary>The last sequence of a replica that is in the store.</summary>
    public long AppliedThrough(string replica)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT applied FROM ledger_replicas WHERE replica = $replica";
        command.Parameters.AddWithValue("$replica", replica);
        return (long?)command.ExecuteScalar() ?? 0;
    }

    /// <summary>A page of entries, newest first. Spans are gone through from the newest on until none that is left can hold a newer one.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public LedgerPage Query(LedgerQuery query)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        var filter = new LedgerFilter(query, command);
        command.CommandText = $"SELECT id, entries, greatest FROM {LedgerSpans.Blocks} WHERE {filter.Spans} ORDER BY greatest DESC";
        using var rows = command.ExecuteReader();
        var reader = new LedgerBlockReader();

        // One more than asked tells whether there is another page.
        var newest = new PriorityQueue<LedgerEntry, (long Time, long Id)>(query.Limit + 2);
        (long Time, long Id) least = (long.MinValue, 0);
        while (rows.Read() && rows.GetInt64(2) >= least.Time)
        {
            reader.Begin(rows.GetInt64(0), rows.GetFieldValue<byte[]>(1));
            while (reader.TryRead())
            {
                var place = (reader.Entry.TimeMicros, reader.Id);
                if (place.CompareTo(least) <= 0 || !filter.Matches(reader.Id, reader.Entry))
                    continue;
                newest.Enqueue(reader.Entry.ToEntry(), place);
                if (newest.Count > query.Limit + 1)
                    newest.Dequeue();
                if (newest.Count > query.Limit)
                    newest.TryPeek(out _, out least);
            }
        }

        var hasMore = newest.Count > query.Limit;
        if (hasMore)
            newest.Dequeue();
        string? next = null;
        if (hasMore && newest.TryPeek(out _, out var last))
            next = new LedgerCursor(last.Time, last.Id).ToString();
        var entries = new LedgerEntry[newest.Count];
        for (var i = entries.Length; i > 0; i--)
            entries[i - 1] = newest.Dequeue();
        return new LedgerPage(entries, next);
    }

    /// <summary>What a key used, by requested model.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="from">First moment, or null for the beginning.</param>
    /// <param name="to">First moment that is no longer counted, or null for now.</param>
    public UsageSummary Summarize(string keyId, DateTimeOffset? from, DateTimeOffset? to)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        var filter = new LedgerFilter(new LedgerQuery { KeyId = keyId, From = from, To = to }, command);
        command.CommandText = $"SELECT id, entries FROM {LedgerSpans.Blocks} WHERE {filter.Spans}";
        var models = new SortedDictionary<string, ModelUsage>(StringComparer.Ordinal);
        foreach (var (id, entry) in LedgerBlocks.Read(command))
        {
            if (!filter.Matches(id, entry))
                continue;
            var model = entry.Text(Model);
            var usage = models.GetValueOrDefault(model) ?? new ModelUsage(model, 0, 0, default, 0);
            models[model] = usage with
            {
                Requests = usage.Requests + 1,
                Estimated = usage.Estimated + (entry.IsEstimated ? 1 : 0),
                Usage = usage.Usage + entry.Usage,
                CostNanoUsd = checked(usage.CostNanoUsd + entry.CostNanoUsd),
            };
        }

        return new UsageSummary(keyId, from, to, [.. models.Values]);
    }
}
