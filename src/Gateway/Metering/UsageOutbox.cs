using Gateway.State.Embedded;

namespace Gateway.Metering;

/// <summary>The ledger as a list of what is still to be published, and of what may be forgotten once it has been.</summary>
internal sealed class UsageOutbox(SqliteDatabase database)
{
    private static readonly string Columns = string.Join(", ", LedgerFields.All.Select(field => field.Name));

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
        using var command = connection.CreateCommand();
        command.CommandText =
            "DELETE FROM ledger WHERE id IN (SELECT ledger.id FROM ledger JOIN ledger_replicas ON ledger_replicas.replica = ledger.replica "
            + "WHERE ledger.time < $cutoff AND ledger.sequence <= ledger_replicas.published ORDER BY ledger.time LIMIT $limit)";
        command.Parameters.AddWithValue("$cutoff", LedgerTime.ToMicrosCeiling(cutoff));
        command.Parameters.AddWithValue("$limit", limit);
        return command.ExecuteNonQuery();
    }
}
