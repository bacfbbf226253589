using Gateway.State.Embedded;

namespace Gateway.Metering;

/// <summary>The ledger as a list of what is still to be published, and of what may be forgotten once it has been.</summary>
internal sealed class UsageOutbox(SqliteDatabase database)
{
    private static readonly string Columns = string.Join(", ", LedgerFields.All.Select(field => field.Name));

    // As UsageSeries.Of and UsageSums.Of say it.
    private const string SumText =
        "SELECT time / 3600000000, customer_id, team_id, user_id, key_id, provider, iif(attempts > 0, requested_model, ''), iif(attempts > 0, target_model, ''), operation, attempts > 0, "
        + "count(*), sum(outcome = 'completed'), sum(outcome = 'failed'), sum(outcome = 'interrupted'), sum(outcome = 'aborted'), sum(estimated), "
        + "sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(reasoning_tokens), sum(audio_input_tokens), sum(audio_output_tokens), "
        + "sum(search_units), sum(cost_nano_usd) FROM ledger WHERE id >= $first AND id <= $last GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";

    /// <summary>Every replica that wrote into this ledger: the one that runs, and those the directory belonged to before.</summary>
    public IReadOnlyList<OutboxReplica> Replicas()
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT replica, number, applied, published FROM ledger_replicas ORDER BY number";
        using var reader = command.ExecuteReader();
        var replicas = new List<OutboxReplica>();
        while (reader.Read())
            replicas.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return replicas;
    }

    /// <summary>The first entries that have not been published, in the order of their sequence; empty: none.</summary>
    public IReadOnlyList<LedgerEntry> Unpublished(OutboxReplica replica, int limit)
    {
        var first = replica.Number << LedgerInserter.SequenceBits;
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM ledger WHERE id > $after AND id <= $through ORDER BY id LIMIT $limit";
        command.Parameters.AddWithValue("$after", first + replica.Published);
        command.Parameters.AddWithValue("$through", first + replica.Applied);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var entries = new List<LedgerEntry>();
        while (reader.Read())
            entries.Add(LedgerRow.Read(reader));
        return entries;
    }

    /// <summary>The first entries that have not been published, summed up by the database, which costs a fraction of reading them; null: none. <see cref="RecentSums"/> cost less.</summary>
    /// <param name="replica">The replica.</param>
    /// <param name="limit">How many entries at most.</param>
    public SummedBatch? Summed(OutboxReplica replica, int limit)
    {
        var (first, last) = (replica.Published + 1, Math.Min(replica.Applied, replica.Published + limit));
        if (last < first)
            return null;
        var number = replica.Number << LedgerInserter.SequenceBits;
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = SumText;
        command.Parameters.AddWithValue("$first", number + first);
        command.Parameters.AddWithValue("$last", number + last);
        using var reader = command.ExecuteReader();
        var lines = new List<(DateTimeOffset, UsageSeries, UsageSums)>();
        while (reader.Read())
        {
            var series = new UsageSeries(
                reader.IsDBNull(1) ? null : reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetString(7), reader.GetString(8), reader.GetInt64(9) != 0);
            var tokens = new TokenUsage(
                reader.GetInt64(16), reader.GetInt64(17), reader.GetInt64(18), reader.GetInt64(19), reader.GetInt64(20), reader.GetInt64(21), reader.GetInt64(22), reader.GetInt64(23));
            var sums = new UsageSums(
                reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14), reader.GetInt64(15), tokens, reader.GetInt64(24));
            lines.Add((LedgerTime.FromMicros(reader.GetInt64(0) * LedgerTime.MicrosPerHour), series, sums));
        }

        return new SummedBatch(replica.Replica, first, last, lines);
    }

    /// <summary>When the first entry that has not been published was written; null: there is none.</summary>
    public DateTimeOffset? Oldest(OutboxReplica replica)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT time + duration_us FROM ledger WHERE id > $after AND id <= $through ORDER BY id LIMIT 1";
        var first = replica.Number << LedgerInserter.SequenceBits;
        command.Parameters.AddWithValue("$after", first + replica.Published);
        command.Parameters.AddWithValue("$through", first + replica.Applied);
        return command.ExecuteScalar() is long micros ? LedgerTime.FromMicros(micros) : null;
    }

    /// <summary>Notes that a replica's entries have been published up to a sequence. The mark never goes back.</summary>
    public void Mark(string replica, long through)
    {
        using var connection = database.Connect();
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE ledger_replicas SET published = max(published, $through) WHERE replica = $replica";
        command.Parameters.AddWithValue("$replica", replica);
        command.Parameters.AddWithValue("$through", through);
        command.ExecuteNonQuery();
    }

    /// <summary>Deletes published entries of requests that arrived before a moment, some at a time so that nobody waits long for the file.</summary>
    /// <returns>How many were deleted; fewer than the limit: there are no more.</returns>
    public int DeleteBefore(DateTimeOffset cutoff, int limit)
    {
        using var connection = database.Connect();
        using var transaction = connection.BeginTransaction(deferred: false);
        var (deleted, spans) = (0, new HashSet<long>());
        using (var command = connection.CreateCommand())
        {
            command.CommandText =
                $"DELETE FROM ledger WHERE id IN (SELECT id FROM ledger_spans CROSS JOIN ledger_replicas ON number = {LedgerSpans.Replica} "
                + $"CROSS JOIN {LedgerSpans.Table} ON {LedgerSpans.Holds} WHERE least < $cutoff AND time < $cutoff AND sequence <= published ORDER BY greatest LIMIT $limit) RETURNING id";
            command.Parameters.AddWithValue("$cutoff", LedgerTime.ToMicrosCeiling(cutoff));
            command.Parameters.AddWithValue("$limit", limit);
            using var reader = command.ExecuteReader();
            for (; reader.Read(); deleted++)
                spans.Add(LedgerSpans.Of(reader.GetInt64(0)));
        }

        if (deleted > 0)
            SqliteDatabase.Execute(connection, Narrow(string.Join(", ", spans)));
        transaction.Commit();
        return deleted;
    }

    /// <summary>SQL that makes spans as narrow as what they have left, and forgets those that have nothing.</summary>
    private static string Narrow(string spans) =>
        $"""
        DELETE FROM ledger_spans WHERE span IN ({spans}) AND NOT EXISTS (SELECT 1 FROM ledger WHERE {LedgerSpans.Holds});
        DELETE FROM ledger_span_keys WHERE span IN ({spans}) AND span NOT IN (SELECT span FROM ledger_spans);
        UPDATE ledger_spans SET (least, greatest) = (SELECT min(time), max(time) FROM ledger WHERE {LedgerSpans.Holds}) WHERE span IN ({spans});
        """;
}
