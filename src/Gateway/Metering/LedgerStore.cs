using Gateway.State.Embedded;
using Microsoft.Data.Sqlite;

namespace Gateway.Metering;

/// <summary>The ledger as a table that can be asked.</summary>
internal sealed class LedgerStore(SqliteDatabase database)
{
    private static readonly string Columns = string.Join(", ", LedgerFields.All.Select(field => field.Name));

    /// <summary>The last sequence of a replica that is in the table.</summary>
    public long AppliedThrough(string replica)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT applied FROM ledger_replicas WHERE replica = $replica";
        command.Parameters.AddWithValue("$replica", replica);
        return (long?)command.ExecuteScalar() ?? 0;
    }

    /// <summary>A page of entries, newest first.</summary>
    /// <exception cref="FormatException">The cursor is not one of ours.</exception>
    public LedgerPage Query(LedgerQuery query)
    {
        using var connection = database.Connect();
        // One more than asked tells whether there is another page.
        var newest = Newest(connection, query, query.Limit + 1);
        var next = newest.Count > query.Limit ? newest[query.Limit - 1].ToString() : null;
        // An entry that is deleted meanwhile is missing from the page.
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM ledger WHERE id IN ({string.Join(", ", newest.Take(query.Limit).Select(place => place.Id))}) ORDER BY time DESC, id DESC";
        using var reader = command.ExecuteReader();
        var entries = new List<LedgerEntry>();
        while (reader.Read())
            entries.Add(LedgerRow.Read(reader));
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
        command.CommandText =
            "SELECT requested_model, count(*), sum(estimated), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), "
            + "sum(cache_write_tokens), sum(reasoning_tokens), sum(audio_input_tokens), sum(audio_output_tokens), sum(cost_nano_usd), sum(search_units) "
            + $"FROM {LedgerSpans.Entries} WHERE {filter.Spans} AND {filter.Entries} GROUP BY requested_model ORDER BY requested_model";
        using var reader = command.ExecuteReader();
        var models = new List<ModelUsage>();
        while (reader.Read())
        {
            var usage = new TokenUsage(
                reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(11));
            models.Add(new ModelUsage(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), usage, reader.GetInt64(10)));
        }

        return new UsageSummary(keyId, from, to, models);
    }

    /// <summary>The places of the newest entries that match, newest first. Spans are gone through from the newest on until none that is left can hold a newer one.</summary>
    private static List<LedgerCursor> Newest(SqliteConnection connection, LedgerQuery query, int count)
    {
        using var command = connection.CreateCommand();
        var filter = new LedgerFilter(query, command);
        // The outer join tells of spans without a match too: at each of them the search may be over.
        command.CommandText =
            $"SELECT greatest, time, id FROM ledger_spans LEFT JOIN {LedgerSpans.Table} ON {LedgerSpans.Holds} AND {filter.Entries} WHERE {filter.Spans} ORDER BY greatest DESC";
        using var reader = command.ExecuteReader();
        var newest = new SortedSet<(long Time, long Id)>();
        while (reader.Read() && (newest.Count < count || reader.GetInt64(0) >= newest.Min.Time))
        {
            if (reader.IsDBNull(1))
                continue;
            newest.Add((reader.GetInt64(1), reader.GetInt64(2)));
            if (newest.Count > count)
                newest.Remove(newest.Min);
        }

        return [.. newest.Reverse().Select(place => new LedgerCursor(place.Time, place.Id))];
    }
}
